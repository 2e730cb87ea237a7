from django.utils.translation import gettext_lazy as _

from remise.core.rights import RightLabel, StaffRight


class NoticeRight(StaffRight):
    VIEW = "notices.view"
    HANDLE = "notices.handle"
    CONNECT = "notices.connect"


LABELS = (
    RightLabel(
        NoticeRight.VIEW,
        _("View notices to the register"),
        _("See which cover was reported to the state register, what it answered, and what is still to be reported."),
    ),
    RightLabel(
        NoticeRight.HANDLE,
        _("Handle notices to the register"),
        _(
            "Send a refused notice again, make and upload files, and take in the register's answers. Correcting its"
            " check code also takes the right to lift the limit of days."
        ),
        needs=(NoticeRight.VIEW,),
    ),
    RightLabel(
        NoticeRight.CONNECT,
        _("Choose how notices go to the register"),
        _("Lay down from which day notices go by a connection, by file, or not at all."),
        needs=(NoticeRight.VIEW,),
    ),
)
