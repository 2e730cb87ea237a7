from django.utils.translation import gettext_lazy as _

from remise.core.rights import Right, RightLabel, StaffRight


class FleetRight(Right):
    VIEW = "vehicles.view"
    REGISTER = "vehicles.register"
    DEREGISTER = "vehicles.deregister"
    REQUEST_CARDS = "cards.request"
    MANAGE_PARTIES = "parties.manage"


class UnderwritingRight(StaffRight):
    """What the insurer's people may do to a customer's vehicles, when the customer asked the desk."""

    ALLOW_LATE = "registrations.allow_late"
    OVERRIDE_VALUE = "values.override"


class ComparingRight(StaffRight):
    AGREE = "covers.compare"


LABELS = (
    RightLabel(FleetRight.VIEW, _("View vehicles"), _("See the stock, its value and each vehicle's history.")),
    RightLabel(
        FleetRight.REGISTER, _("Register vehicles"), _("Put a vehicle on a policy."), needs=(FleetRight.VIEW,)
    ),
    RightLabel(
        FleetRight.DEREGISTER, _("Deregister vehicles"), _("Take a vehicle off a policy."), needs=(FleetRight.VIEW,)
    ),
    RightLabel(
        FleetRight.REQUEST_CARDS,
        _("Request green cards"),
        _("Ask for the green card of a vehicle."),
        needs=(FleetRight.VIEW,),
    ),
    RightLabel(
        FleetRight.MANAGE_PARTIES,
        _("Manage drivers and lessees"),
        _("Change who they are, tell two of one name apart, and erase them."),
        needs=(FleetRight.VIEW,),
    ),
    RightLabel(
        UnderwritingRight.ALLOW_LATE,
        _("Lift the limit of days"),
        _(
            "Register, deregister and correct further back than online, with a check code that does not match, or"
            " for a vehicle of another kind than the policy is for, when the customer asks for it."
        ),
    ),
    RightLabel(
        UnderwritingRight.OVERRIDE_VALUE,
        _("Override the catalogue value"),
        _("Set another value than the register's, when the customer asks for it."),
    ),
    RightLabel(
        ComparingRight.AGREE,
        _("Compare cover with other insurers"),
        _("Agree, with a legal basis, that two insurers are told of vehicles that both cover; and end that."),
    ),
)
