"""What came to light about a vehicle on cover too late to be refused: the kinds, and each in the user's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

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


NAME_DATE = (FindingKind.BEFORE_NAME_DATE, FindingKind.LATE_FOR_NAME_DATE)


@dataclass(frozen=True, slots=True)
class Explained:
    title: Text
    text: Text


def explain(kind: str, said: Mapping[str, Any]) -> Explained:
    match FindingKind(kind):
        case FindingKind.BEFORE_NAME_DATE:
            return Explained(
                _("Insured before its name date"),
                _(
                    "The register now says that the vehicle is in its owner's name since %(since)s. Your cover begins"
                    " on %(starts)s and stays as it is. Is that day wrong, tell the desk."
                )
                % _days(said),
            )
        case FindingKind.LATE_FOR_NAME_DATE:
            return Explained(
                _("Insured further back than the name date allows"),
                _(
                    "The register now says that the vehicle is in its owner's name since %(since)s. For that date"
                    " your cover could not begin on %(starts)s online. It stays as it is; the desk looks at it."
                )
                % _days(said),
            )
        case FindingKind.VALUE_IN_DOUBT:
            return Explained(
                _("The catalogue value is not sure"),
                _("The register says %(value)s. %(why)s Until the desk has looked at it, it is not used.")
                % {"value": money(Decimal(said["value"]), "whole"), "why": REASONS.get(said["why"], "")},
            )
        case FindingKind.UNKNOWN_PLATE:
            return Explained(
                _("The register does not know this plate"),
                _("Compare the plate with the registration card. A new vehicle can take a few days to appear."),
            )
        case FindingKind.OTHER_KIND:
            return Explained(
                _("The policy is for other vehicles"),
                _(
                    "The register now says that this is a %(kind)s, and this policy is not for those. Your cover"
                    " stays as it is; the desk looks at it."
                )
                % {"kind": in_words(said["vehicle_kind"], KINDS)},
            )


def _days(said: Mapping[str, Any]) -> dict[str, str]:
    since, starts = date.fromisoformat(said["in_name_since"]), date.fromisoformat(said["starts"])
    return {"since": shown_day(since), "starts": shown_day(starts)}
