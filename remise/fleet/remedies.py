"""By which request the insurer's desk can lift what a rule refuses: the words are stored and stay as they are."""

from enum import StrEnum

from remise.vehicles.chassis import HELPED_BY


class RequestName(StrEnum):
    LATE_REGISTRATION = "late_registration"
    LATE_DEREGISTRATION = "late_deregistration"
    LATE_CHANGE = "late_change"
    CORRECT_REGISTRATION = "correct_registration"
    CHECK_CODE = HELPED_BY
    VEHICLE_KIND = "vehicle_kind"
    CATALOGUE_VALUE = "catalogue_value"
    # What the register said later: the system places it before the desk, and no customer asks it.
    FINDING = "finding"
    FINDING_VALUE = "finding_value"
    # One vehicle covered twice: laid before the desk alone.
    COVERED_TWICE = "covered_twice"
    COVERED_ELSEWHERE = "covered_elsewhere"
