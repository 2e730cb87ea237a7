"""Who lets offices act for the company, and who acts from an office. None of these is ever given by mandate."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from remise.core.rights import CompanyRight, Right, RightLabel, StaffRight
from remise.organisations.rights import catalogue, divisible


class MandateRight(CompanyRight):
    MANAGE = "mandates.manage"


class ClientRight(CompanyRight):
    """Of who works at an office: accountant, broker, bookkeeper."""

    ACT = "clients.act"
    MANAGE = "clients.manage"


class IntermediaryRight(StaffRight):
    MANAGE = "intermediaries.manage"


class IntermediaryBookRight(Right):
    """What is the insurer's matter and in no catalogue: no company can give it."""

    KEEP = "intermediaries.keep"


LABELS = (
    RightLabel(
        MandateRight.MANAGE,
        _("Give mandates"),
        _("Let an accountant, broker or other office act for the company, and end it."),
    ),
    RightLabel(
        ClientRight.ACT,
        _("Act for clients"),
        _("Work for the companies that gave your office a mandate, as far as each allows."),
        of_offices=True,
    ),
    RightLabel(
        ClientRight.MANAGE,
        _("Accept mandates"),
        _("Take on the mandates that companies offer your office, and hand them back."),
    ),
    RightLabel(
        IntermediaryRight.MANAGE,
        _("Look after intermediaries"),
        _("Set their tier and contact data, and which policies are theirs."),
    ),
)


def can_be_mandated(right: Right) -> bool:
    """What is held for the company as a whole (colleagues, keys, mandates) stays with its own people."""
    return divisible(right)


def mandatable() -> list[RightLabel]:
    return [entry for entry in catalogue if can_be_mandated(entry.right)]


def unknown(rights: Iterable[str]) -> set[str]:
    """Those of these that no mandate can give."""
    return set(rights) - {str(entry.right) for entry in mandatable()}
