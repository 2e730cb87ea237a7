"""The check code held against the chassis number as soon as plate and code can be read, whatever else of the form is
still missing or wrong: who is told only afterwards fills in the rest for nothing."""

from dataclasses import dataclass

from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.fleet.forms import RegisterForm
from remise.ui.forms import add_refusal
from remise.vehicles import chassis


@dataclass(frozen=True, slots=True)
class Compared:
    """`matches`: a number is known, and the code is its end. Of a whole number it is not told: what the company gave
    itself it may give anew (`chassis`), and a whole one that did match would then be found by trying without end."""

    matches: bool = False
    refusal: BrokenRule | None = None


def compare_code(form: RegisterForm, *, by: Actor) -> Compared:
    """For a form that was looked at; a refusal then stands beside the field. A code of another shape is no
    attempt."""
    plate, code = form.cleaned_data.get("plate"), form.cleaned_data.get("check_code")
    if plate is None or code is None or not plate.needs_check_code:
        return Compared()
    try:
        known = chassis.judge(by, by.company, plate, code, form.vin)
    except BrokenRule as refusal:
        add_refusal(form, refusal)
        return Compared(refusal=refusal)
    return Compared(matches=known and form.vin is None)
