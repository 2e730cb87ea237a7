from django.utils.translation import gettext_lazy as _

from remise.core.rights import Right, RightLabel


class FleetRight(Right):
    VIEW = "vehicles.view"
    REGISTER = "vehicles.register"
    DEREGISTER = "vehicles.deregister"
    REQUEST_CARDS = "cards.request"


LABELS = (
    RightLabel(FleetRight.VIEW, _("View vehicles"), _("See the stock, its value and each vehicle's history.")),
    RightLabel(FleetRight.REGISTER, _("Register vehicles"), _("Put a vehicle on a policy.")),
    RightLabel(FleetRight.DEREGISTER, _("Deregister vehicles"), _("Take a vehicle off a policy.")),
    RightLabel(FleetRight.REQUEST_CARDS, _("Request green cards"), _("Ask for the green card of a vehicle.")),
)
