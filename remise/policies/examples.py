"""The examples of a product act as its tests: each is judged by the rules that judge a registration, and must come
out as its file says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from remise.core.errors import BrokenRule
from remise.core.identifiers import IdentifierError, Plate
from remise.policies.fields import read_field, with_label
from remise.policies.files import BadFile, Example, ProductFile
from remise.policies.premium import Share, shares
from remise.policies.rules import Misfit, ProductRules, Unfit, registering_window, unfit
from remise.policies.sections import Case, sections

SOME_CAR = "GHK12L"
TOO_MANY, UNKNOWN_FIELD = "too_many_in_file", "unknown_field"


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: str  # accepted, asked or refused
    code: str | None
    earliest: date
    latest: date
    premium: Sequence[Share]
    wrong: Mapping[str, BrokenRule] = field(default_factory=dict)  # by the name of the field
    then: Mapping[str, Mapping[str, object]] = field(default_factory=dict)  # by section

    @property
    def fields(self) -> list[str]:
        return list(self.wrong)


def judge(rules: ProductRules, example: Example) -> Verdict:
    """In the order of a page: the fields, the kind of vehicle, the day."""
    plate = Plate.parse(example.plate or SOME_CAR)
    window = registering_window(rules, today=example.today, in_name_since=example.in_name_since)
    wrong = _wrong_fields(rules, example)
    misfit = unfit(rules, is_trade=plate.is_trade, kind=example.kind)
    is_asked = misfit is Unfit.KIND and rules.other_kinds is Misfit.ASKED
    refusals = [
        TOO_MANY if rules.most_in_file is not None and example.together > rules.most_in_file else None,
        UNKNOWN_FIELD if set(example.details) - {each.name for each in rules.fields} else None,
        *(refusal.code for refusal in wrong.values()),
        None if is_asked else misfit,
        window.broken_by(example.day),
    ]
    code = next((refusal for refusal in refusals if refusal), None)
    case = Case(example.today, example.day, plate.value, example.kind)
    return Verdict(
        outcome="refused" if code else "asked" if is_asked else "accepted",
        code=code or (misfit if is_asked else None),
        earliest=window.earliest,
        latest=window.latest,
        premium=shares(rules, example.day, today=example.today),
        wrong=wrong,
        then={name: sections[name].judge(rules, case) for name in example.then},
    )


def _wrong_fields(rules: ProductRules, example: Example) -> dict[str, BrokenRule]:
    wrong: dict[str, BrokenRule] = {}
    for each in rules.fields:
        try:
            read_field(each, example.details.get(each.name, ""))
        except BrokenRule as refusal:
            wrong[each.name] = with_label(each, refusal)
    return wrong


def differences(example: Example, verdict: Verdict) -> list[str]:
    """What came out otherwise than expected."""
    compared: list[tuple[str, object, object]] = [
        ("expect", example.expect, verdict.outcome),
        ("fields", example.fields, verdict.fields),
        ("code", example.code, None if verdict.code is None else str(verdict.code)),
    ]
    compared += [
        (name, expected, getattr(verdict, name))
        for name in ("earliest", "latest")
        if (expected := getattr(example, name)) is not None
    ]
    if example.premium is not None:
        expected = [Share(one.year, one.days, one.of) for one in example.premium]
        compared.append(("premium", expected, list(verdict.premium)))
    for section, said in example.then.items():
        found = verdict.then[section]
        compared += [(f"{section} {name}", value, found.get(name)) for name, value in said.items()]
    return [f"{name} is {found}, and not {wanted}" for name, wanted, found in compared if wanted != found]


def check_examples(path: Path, said: ProductFile) -> None:
    """Raises BadFile where an example comes out otherwise than the file says, or names what there is not."""
    reasons = [
        f"example {number} ({example.what['en']}): {reason}"
        for number, example in enumerate(said.example, start=1)
        for reason in _untrue(said, example)
    ]
    if reasons:
        raise BadFile(path, reasons)


def _untrue(said: ProductFile, example: Example) -> list[str]:
    unknown = [name for name in example.then if name not in sections]
    if unknown:
        return [f"there is no section {', '.join(unknown)}"]
    try:
        return differences(example, judge(said.on(example.today).rules, example))
    except IdentifierError:
        return [f"{example.plate} is no plate"]


@dataclass(frozen=True, slots=True)
class Judged:
    """An example as it comes out by the rules that are kept."""

    example: Example
    verdict: Verdict
    is_true: bool


def judged(rules_on: Callable[[date], ProductRules], stored: Sequence[Mapping[str, Any]]) -> list[Judged]:
    """The examples that are kept with a product, in their order."""
    found: list[Judged] = []
    for each in stored:
        example = Example.model_validate(each)
        verdict = judge(rules_on(example.today), example)
        found.append(Judged(example, verdict, not differences(example, verdict)))
    return found
