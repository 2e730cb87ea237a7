"""In which capacity somebody asks, and about what: the two questions that decide who can help (rows 5 and 29)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor, can
from remise.organisations.models import Organisation
from remise.organisations.requests import MemberRequest
from remise.organisations.rights import OrganisationRight


class Capacity(models.TextChoices):
    OWNER = "owner", _("Owner or administrator")
    EMPLOYEE = "employee", _("Employee")
    GARAGE_HOLDER = "garage-holder", _("Garage holder")
    CAR_SALESMAN = "car-salesman", _("Car salesman")
    ADVISER = "adviser", _("Adviser or intermediary")
    ACCOUNTANT = "accountant", _("Accountant")
    DRIVER = "driver", _("Driver")


class Topic(models.TextChoices):
    SIGN_IN = "sign-in", _("Signing in")
    BLOCKED = "blocked", _("My account is blocked")
    RIGHTS = "rights", _("Rights and access")
    VEHICLES = "vehicles", _("Vehicles")
    CARDS = "cards", _("Green cards")
    PREMIUM = "premium", _("Premium and policy")
    DECLARATIONS = "declarations", _("The yearly declaration")
    CLAIMS = "claims", _("Claims")
    PROGRAMS = "programs", _("Connecting programs")
    PRIVACY = "privacy", _("Privacy")
    OTHER = "other", _("Something else")


def capacity_of(request: MemberRequest) -> Capacity | None:
    """As far as it is known of who is signed in; a stranger chooses."""
    own, actor = request.membership, request.actor
    if own is None or own.is_insurer:
        return None
    if own.kind == Organisation.Kind.INTERMEDIARY:
        return Capacity.ADVISER
    return Capacity.OWNER if _manages(actor) else Capacity.EMPLOYEE


def _manages(actor: Actor) -> bool:
    return bool(can(actor, OrganisationRight.MANAGE_USERS))
