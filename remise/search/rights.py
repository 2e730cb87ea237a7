from django.utils.translation import gettext_lazy as _

from remise.core.rights import RightLabel, StaffRight


class LookUpRight(StaffRight):
    CUSTOMERS = "customers.view"


LABELS = (
    RightLabel(
        LookUpRight.CUSTOMERS,
        _("Look up customers"),
        _(
            "Find companies, people, policies, vehicles and cards of all customers, and see what the insurer knows of"
            " a company. The company reads that somebody of the insurer looked."
        ),
    ),
)
