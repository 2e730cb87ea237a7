from django.utils.translation import gettext_lazy as _

from remise.core.rights import RightLabel, StaffRight


class DeskRight(StaffRight):
    VIEW = "desk.view"
    DECIDE = "desk.decide"
    WRITE_TEMPLATES = "desk.templates"


LABELS = (
    RightLabel(DeskRight.VIEW, _("View requests"), _("See what customers ask, with the facts beside it.")),
    RightLabel(
        DeskRight.DECIDE,
        _("Handle requests"),
        _("Take a request, ask the customer, accept or refuse. What a request lifts may ask for a right of its own."),
        needs=(DeskRight.VIEW,),
    ),
    RightLabel(
        DeskRight.WRITE_TEMPLATES,
        _("Write templates"),
        _("Write, change and retire the texts that colleagues begin their answers with."),
        needs=(DeskRight.VIEW,),
    ),
)
