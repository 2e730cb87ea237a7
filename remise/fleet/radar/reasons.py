"""Why a finding is right as it is: a few words per kind, stored short, so that nothing personal is kept."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from remise.fleet.findings import FindingKind


class Reason(StrEnum):
    STILL_OURS = "still_ours"
    LEASED = "leased"
    WITH_BUYER = "with_buyer"
    ARRANGED = "arranged"
    REGISTER_WRONG = "register_wrong"
    INSPECTED = "inspected"
    STANDS_STILL = "stands_still"
    INSURED_ELSEWHERE = "insured_elsewhere"
    VALUE_RIGHT = "value_right"


WORDS: Mapping[str, Promise] = {
    Reason.STILL_OURS: _("It is still ours"),
    Reason.LEASED: _("It is in the lease company's name"),
    Reason.WITH_BUYER: _("We agreed to insure it for the buyer"),
    Reason.ARRANGED: _("This is arranged already"),
    Reason.REGISTER_WRONG: _("The register is wrong"),
    Reason.INSPECTED: _("It was inspected"),
    Reason.STANDS_STILL: _("It stands still and does not drive"),
    Reason.INSURED_ELSEWHERE: _("It is insured elsewhere"),
    Reason.VALUE_RIGHT: _("Our value is right"),
}
_ALWAYS = (Reason.ARRANGED, Reason.REGISTER_WRONG)
OFFERED: Mapping[FindingKind, Sequence[Reason]] = {
    FindingKind.SOLD: (Reason.STILL_OURS, Reason.LEASED, Reason.WITH_BUYER, *_ALWAYS),
    FindingKind.EXPORTED: (Reason.STILL_OURS, Reason.WITH_BUYER, *_ALWAYS),
    FindingKind.GONE: (Reason.STILL_OURS, *_ALWAYS),
    FindingKind.NOT_COVERED: (Reason.INSURED_ELSEWHERE, Reason.STANDS_STILL, *_ALWAYS),
    FindingKind.INSPECTION_EXPIRED: (Reason.INSPECTED, Reason.STANDS_STILL, *_ALWAYS),
    FindingKind.WAM_MISSING: _ALWAYS,
    FindingKind.VALUE_DIFFERS: (Reason.VALUE_RIGHT, *_ALWAYS),
}
