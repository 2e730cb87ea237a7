"""What is not as the description of the API says, in words: the library says it in English only."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OTHER = _("This does not fit the description.")
_DAY = _("Write a day as 2026-11-22.")
_MOMENT = _("Write a moment as 2026-11-22T14:30:00Z.")
_AMOUNT = _("Write a number, with a point before the decimals.")
_WHOLE = _("Write a whole number.")
_YES_NO = _("Write true or false.")
_OBJECT = _("This has to be an object with fields.")
_TEXT = _("This has to be a text.")
_CHOICE = _("This is none of the values that the description allows.")

# By the library's own word for it, which is the mistake's code: pydantic_core's ErrorType. What stands between
# brackets is filled in from the limit.
WORDS: Mapping[str, Promise] = {
    "missing": _("This is missing."),
    "extra_forbidden": _("The description knows no such field."),
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "string_too_short": _("This is too short: at least %(min_length)s characters."),
    "string_too_long": _("This is too long: at most %(max_length)s characters."),
    "string_pattern_mismatch": _("This is not written as the description says."),
    "enum": _CHOICE,
    "literal_error": _CHOICE,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": _("This number is too large."),
    "float_type": _AMOUNT,
    "float_parsing": _AMOUNT,
    "finite_number": _AMOUNT,
    "decimal_type": _AMOUNT,
    "decimal_parsing": _AMOUNT,
    "decimal_max_digits": _("This number is too large."),
    "decimal_whole_digits": _("This number is too large."),
    "decimal_max_places": _("These are too many decimals: at most %(decimal_places)s."),
    "greater_than": _("This has to be more than %(gt)s."),
    "greater_than_equal": _("This has to be %(ge)s or more."),
    "less_than": _("This has to be less than %(lt)s."),
    "less_than_equal": _("This has to be %(le)s or less."),
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_object_invalid": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "timezone_aware": _MOMENT,
    "list_type": _("This has to be a list."),
    "too_short": _("These are too few: at least %(min_length)s."),
    "too_long": _("These are too many: at most %(max_length)s."),
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
}


def words(said: Mapping[str, Any]) -> str:
    """For one mistake as pydantic tells it. What was sent is not repeated."""
    template = str(WORDS.get(said["type"], OTHER))
    try:
        return template % (said.get("ctx") or {})
    except KeyError:  # a limit that it no longer tells
        return str(OTHER)
