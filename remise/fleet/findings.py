"""What came to light about a vehicle on cover too late to be refused: the kinds, and each in the user's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core.words import Text
from remise.ui.formats import day as shown_day
from remise.ui.formats import money
from remise.vehicles.rules import KINDS, in_words
from remise.vehicles.values import REASONS


class FindingKind(StrEnum):
    BEFORE_NAME_DATE = "before_name_date"  # the name date came late, and lies behind the first day of cover
    LATE_FOR_NAME_DATE = "late_for_name_date"  # cover goes further back than that name date allowed
    VALUE_IN_DOUBT = "value_in_doubt"
    UNKNOWN_PLATE = "unknown_plate"
    OTHER_KIND = "other_kind"  # of a kind that the product is not for
    # What the register radar finds, long after (fleet.radar.rules).
    SOLD = "sold"  # in another name, and still covered
    EXPORTED = "exported"
    GONE = "gone"  # the register does not know it any more
    NOT_COVERED = "not_covered"  # taken off, in the same name, and insured by nobody
    INSPECTION_EXPIRED = "inspection_expired"
    WAM_MISSING = "wam_missing"  # the register says that it is not insured, long after its cover began
    VALUE_DIFFERS = "value_differs"


NAME_DATE = (FindingKind.BEFORE_NAME_DATE, FindingKind.LATE_FOR_NAME_DATE)
# Who has to do with it: the insurer's desk decides on these, by a request. On all others the customer acts.
AT_DESK = frozenset({*NAME_DATE, FindingKind.VALUE_IN_DOUBT, FindingKind.UNKNOWN_PLATE, FindingKind.OTHER_KIND})
BY_RADAR = tuple(kind for kind in FindingKind if kind not in AT_DESK)


@dataclass(frozen=True, slots=True)
class Explained:
    title: Text
    text: Text


TITLES: Mapping[FindingKind, Text] = {
    FindingKind.BEFORE_NAME_DATE: gettext_lazy("Insured before its name date"),
    FindingKind.LATE_FOR_NAME_DATE: gettext_lazy("Insured further back than the name date allows"),
    FindingKind.VALUE_IN_DOUBT: gettext_lazy("The catalogue value is not sure"),
    FindingKind.UNKNOWN_PLATE: gettext_lazy("The register does not know this plate"),
    FindingKind.OTHER_KIND: gettext_lazy("The policy is for other vehicles"),
    FindingKind.SOLD: gettext_lazy("Sold, and still insured"),
    FindingKind.EXPORTED: gettext_lazy("Exported, and still insured"),
    FindingKind.GONE: gettext_lazy("No longer in the register"),
    FindingKind.NOT_COVERED: gettext_lazy("In the same name, and not insured"),
    FindingKind.INSPECTION_EXPIRED: gettext_lazy("The inspection has expired"),
    FindingKind.WAM_MISSING: gettext_lazy("Not seen as insured"),
    FindingKind.VALUE_DIFFERS: gettext_lazy("The catalogue value differs"),
}


def explain(kind: str, said: Mapping[str, Any]) -> Explained:
    title = str(TITLES[FindingKind(kind)])
    match FindingKind(kind):
        case FindingKind.BEFORE_NAME_DATE:
            return Explained(
                title,
                _(
                    "The register now says that the vehicle is in its owner's name since %(since)s. Your cover begins"
                    " on %(starts)s and stays as it is. Is that day wrong, tell the desk."
                )
                % _days(said),
            )
        case FindingKind.LATE_FOR_NAME_DATE:
            return Explained(
                title,
                _(
                    "The register now says that the vehicle is in its owner's name since %(since)s. For that date"
                    " your cover could not begin on %(starts)s online. It stays as it is; the desk looks at it."
                )
                % _days(said),
            )
        case FindingKind.VALUE_IN_DOUBT:
            return Explained(
                title,
                _("The register says %(value)s. %(why)s Until the desk has looked at it, it is not used.")
                % {"value": money(Decimal(said["value"]), "whole"), "why": REASONS.get(said["why"], "")},
            )
        case FindingKind.UNKNOWN_PLATE:
            return Explained(
                title,
                _("Compare the plate with the registration card. A new vehicle can take a few days to appear."),
            )
        case FindingKind.OTHER_KIND:
            return Explained(
                title,
                _(
                    "The register now says that this is a %(kind)s, and this policy is not for those. Your cover"
                    " stays as it is; the desk looks at it."
                )
                % {"kind": in_words(said["vehicle_kind"], KINDS)},
            )
        case FindingKind.SOLD:
            return Explained(
                title,
                _("In another name since %(since)s, says the register. Your cover goes on until you deregister it.")
                % _days(said),
            )
        case FindingKind.EXPORTED:
            return Explained(
                title,
                _("The register says that it left the country. Your cover goes on until you deregister it."),
            )
        case FindingKind.GONE:
            return Explained(
                title,
                _("The register does not know this plate any more: scrapped, or given another plate."),
            )
        case FindingKind.NOT_COVERED:
            return Explained(
                title,
                _(
                    "Not insured here since %(ends)s, and by nobody else, says the register; its name date did not"
                    " change. Who keeps a vehicle without insurance is fined."
                )
                % _days(said),
            )
        case FindingKind.INSPECTION_EXPIRED:
            return Explained(
                title,
                _("It ran until %(inspection_until)s, says the register. Until it is inspected it may not drive.")
                % _days(said),
            )
        case FindingKind.WAM_MISSING:
            return Explained(
                title,
                _(
                    "Insured here since %(starts)s, but the register says that it is not. Tell the desk, before the"
                    " register writes to you."
                )
                % _days(said),
            )
        case FindingKind.VALUE_DIFFERS:
            return Explained(
                title,
                _("The policy says %(ours)s, the register %(value)s.")
                % {name: money(Decimal(said[name]), "whole") for name in ("ours", "value")},
            )


_DAYS = {"since": "in_name_since", "starts": "starts", "ends": "ends", "inspection_until": "inspection_until"}


def _days(said: Mapping[str, Any]) -> dict[str, str]:
    return {word: shown_day(date.fromisoformat(said[name])) for word, name in _DAYS.items() if name in said}
