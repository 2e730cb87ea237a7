from django.utils.translation import gettext_lazy as _

from remise.core.rights import RightLabel, StaffRight


class PostingRight(StaffRight):
    POST = "cards.post"


LABELS = (
    RightLabel(
        PostingRight.POST,
        _("Print and post green cards"),
        _("Print the cards that customers asked for on paper, with their addresses, and say which are posted."),
    ),
)
