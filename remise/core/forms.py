"""Form fields that give value types."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms

from remise.core.identifiers import CheckCode, IdentifierError, KvkNumber, Plate, Vin

MOST_DIGITS = 18  # of a bigint, whatever they are


def whole_number(text: str) -> int | None:
    """A number as an address holds it; None for what is none, also for other digits (²) and for more of them than any
    key has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


class IdentifierField(forms.Field):
    """Reads one identifier; the cleaned value is the value type, or None where the field may stay empty."""

    widget = forms.TextInput
    parser: ClassVar[Callable[..., object]]

    def to_python(self, value: object) -> object:
        text = str(value).strip() if value is not None else ""
        if not text:
            return None
        try:
            return type(self).parser(text)
        except IdentifierError as error:
            # The stubs name a lazy text by a private class.
            raise forms.ValidationError(error.message, code=error.code, params=error.params) from error  # type: ignore[arg-type]

    def prepare_value(self, value: object) -> object:
        return getattr(value, "formatted", value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}


class PlateField(IdentifierField):
    parser = Plate.parse


class CheckCodeField(IdentifierField):
    """Also takes the whole chassis number, and keeps its end."""

    @staticmethod
    def parser(text: str) -> CheckCode:
        try:
            return CheckCode.parse(text)
        except IdentifierError:
            try:
                return Vin.parse(text).check_code
            except IdentifierError:
                pass
            raise


class VinField(IdentifierField):
    parser = Vin.parse


class KvkNumberField(IdentifierField):
    parser = KvkNumber.parse
