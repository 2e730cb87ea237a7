"""Products as reviewed files: TOML, one product each, with examples that must be true of it. `products/` holds
neutral ones for an insurer to copy and change. `python -m remise import products FILE... --portal SLUG` takes them
in.

    code = "lease"
    [names]                      # in each language of the house; likewise [about], whom it is for
    [[version]]                  # the rules from a day on, with their source
    [[version.field]]            # what is asked per vehicle, besides plate, check code and day
    [version.card]               # a section of a room above: policies.sections
    [[example]]                  # what is typed on a day, and what must come of it: policies.examples

Each version says all: what it leaves out is as usual, and not as in the version before.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from django.conf import settings
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from remise.policies.rules import (
    LONGEST,
    PARTIES,
    BackDate,
    FieldKind,
    FieldRule,
    Misfit,
    PremiumBasis,
    ProductRules,
    TradePlates,
    YearDay,
)
from remise.policies.sections import sections
from remise.vehicles.rules import KINDS

LIBRARY = Path(__file__).parent / "products"
# Fields of every registration, or columns of the ledger: no product can ask them again under the same name.
TAKEN = frozenset({"plate", "check_code", "day", "branch", "sure", "make", "model", "value", "vin", "details"})


class BadFile(ValueError):
    """A file that cannot be taken: each reason with its place."""

    def __init__(self, path: Path, reasons: Sequence[str]) -> None:
        super().__init__("\n".join(f"{path}: {reason}" for reason in reasons))
        self.reasons = reasons


def _in_every_language(texts: dict[str, str]) -> dict[str, str]:
    spoken = {code for code, _name in settings.LANGUAGES}
    if set(texts) != spoken or not all(text.strip() for text in texts.values()):
        raise ValueError(f"a text in each of {', '.join(sorted(spoken))}, and in no other language")
    return texts


type Texts = Annotated[dict[str, str], AfterValidator(_in_every_language)]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Choice(_Said):
    value: str = Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=20)
    labels: Texts


class AskedField(_Said):
    """A field that the product asks per vehicle: policies.rules.FieldRule."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=30)
    kind: FieldKind
    labels: Texts
    required: bool = False
    hints: Texts | None = None
    choices: list[Choice] = []
    longest: int | None = Field(None, ge=1, le=200)
    least: Decimal | None = None
    most: Decimal | None = None
    units: Texts | None = None

    @model_validator(mode="after")
    def fits_its_kind(self) -> "AskedField":
        counts = self.kind in {FieldKind.NUMBER, FieldKind.MONEY}
        if self.name in TAKEN:
            raise ValueError(f"{self.name} is asked of every vehicle")
        if (self.kind is FieldKind.PARTY) != (self.name in PARTIES):
            raise ValueError(
                "people and companies are asked as lessee and driver, of kind party, and nothing else is"
            )
        if self.name == "cover" and self.kind is not FieldKind.CHOICE:
            raise ValueError("the cover is a choice")
        if (self.kind is FieldKind.CHOICE) != bool(self.choices):
            raise ValueError("a choice has choices, and nothing else has")
        if len({choice.value for choice in self.choices}) != len(self.choices):
            raise ValueError("two choices have one value")
        if self.longest is not None and self.kind is not FieldKind.TEXT:
            raise ValueError("only a text has a longest")
        if not counts and not self.least is self.most is None:
            raise ValueError("only a number or an amount has a least and a most")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError("the least is more than the most")
        if self.units is not None and self.kind is not FieldKind.NUMBER:
            raise ValueError("only a number has units")
        return self

    @property
    def stored(self) -> dict[str, Any]:
        said = self.model_dump(mode="json", exclude_defaults=True) | {"required": self.required}
        return said | ({"longest": self.longest or LONGEST} if self.kind is FieldKind.TEXT else {})


def _year_day(text: str) -> str:
    month, _, day = text.partition("-")
    if not (month.isdigit() and day.isdigit() and 1 <= int(month) <= 12 and 1 <= int(day) <= 28):
        raise ValueError("a month and a day that come back each year, such as 11-01, up to the 28th")
    return text


type DayOfYear = Annotated[str, AfterValidator(_year_day)]


def _known_kinds(kinds: list[str]) -> list[str]:
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise ValueError(f"the register has no kind of vehicle {', '.join(unknown)}; it has {', '.join(KINDS)}")
    return kinds


class SaidVersion(BaseModel):
    """The rules from a day on: policies.models.ProductVersion. What is no rule of this room is a section."""

    model_config = ConfigDict(extra="allow", frozen=True)

    starts: date
    source: str = Field(min_length=1, max_length=200)
    premium_basis: PremiumBasis
    insurance_year: DayOfYear = "01-01"
    window: DayOfYear = "11-01"
    divisor: int | None = Field(None, ge=1, le=366)
    back_date_days: int = Field(ge=0, le=366)
    back_date_reading: BackDate
    ahead_days: int = Field(ge=0, le=366)
    last_day_covered: bool
    name_date: bool = True
    most_in_file: int | None = Field(None, ge=1)
    kinds: Annotated[list[str], AfterValidator(_known_kinds)] = []
    other_kinds: Misfit = Misfit.REFUSED
    trade_plates: TradePlates = TradePlates.NEVER
    field: list[AskedField] = []

    @model_validator(mode="after")
    def says_what_is_known(self) -> "SaidVersion":
        if len({field.name for field in self.field}) != len(self.field):
            raise ValueError("two fields have one name")
        for name, said in (self.model_extra or {}).items():
            section = sections.get(name)
            if section is None:
                known = ", ".join(each.name for each in sections) or "none"
                raise ValueError(f"{name} is no rule of a product, and no section of a room: {known}")
            try:
                section.schema.model_validate(said)
            except ValidationError as wrong:
                raise ValueError("; ".join(_reasons(wrong, name))) from None
        return self

    @property
    def rules(self) -> ProductRules:
        return ProductRules(
            back_date_days=self.back_date_days,
            back_date_reading=self.back_date_reading,
            ahead_days=self.ahead_days,
            last_day_covered=self.last_day_covered,
            premium_basis=self.premium_basis,
            fields=tuple(FieldRule.read(field.stored) for field in self.field),
            source=self.source,
            starts=self.starts,
            name_date=self.name_date,
            most_in_file=self.most_in_file,
            kinds=frozenset(self.kinds),
            other_kinds=self.other_kinds,
            trade_plates=self.trade_plates,
            insurance_year=_day_of(self.insurance_year),
            window=_day_of(self.window),
            divisor=self.divisor,
            sections=self.sections,
        )

    @property
    def sections(self) -> dict[str, dict[str, Any]]:
        """As JSON, filled in with what is usual: what is usual later changes no version."""
        return {
            name: sections[name].schema.model_validate(said).model_dump(mode="json")
            for name, said in (self.model_extra or {}).items()
        }

    @property
    def stored(self) -> dict[str, Any]:
        """What the version's row holds, besides product and first day."""
        year, window = _day_of(self.insurance_year), _day_of(self.window)
        same = (
            *("source", "premium_basis", "divisor", "back_date_days", "back_date_reading", "ahead_days"),
            *("last_day_covered", "name_date", "most_in_file", "kinds", "other_kinds", "trade_plates"),
        )
        return {name: getattr(self, name) for name in same} | {
            "fields": [field.stored for field in self.field],
            "year_month": year.month,
            "year_day": year.day,
            "window_month": window.month,
            "window_day": window.day,
            "sections": self.sections,
        }


def _day_of(text: str) -> YearDay:
    month, _, day = text.partition("-")
    return YearDay(int(month), int(day))


class ExpectedShare(_Said):
    year: int
    days: int
    of: int


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    """As JSON keeps it: examples are judged again from what is stored."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}


class Example(_Said):
    """What is typed on a day and what must come of it; what is not expected is not looked at."""

    what: Texts
    today: date
    day: date  # from which it is insured
    plate: str = ""  # empty: some plate of a car
    kind: str = ""  # as the register says it; empty: it has not answered
    in_name_since: date | None = None
    details: dict[str, str] = {}  # what is typed, by field
    together: int = Field(1, ge=1)  # so many in one file
    expect: Literal["accepted", "asked", "refused"]
    code: str | None = None  # of the refusal, or of the question
    fields: list[str] = []  # those that are wrong, in their order
    earliest: date | None = None  # the days that can be chosen
    latest: date | None = None
    premium: list[ExpectedShare] | None = None
    then: dict[str, Annotated[dict[str, Any], AfterValidator(_plain)]] = {}  # by section: what follows from it


class ProductFile(_Said):
    code: str = Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)
    names: Texts
    about: Texts
    version: list[SaidVersion] = Field(min_length=1)
    example: list[Example] = Field(min_length=1)

    @model_validator(mode="after")
    def in_order(self) -> "ProductFile":
        if any(one.starts >= next_.starts for one, next_ in pairwise(self.version)):
            raise ValueError("versions stand in order of their first day, each with another one")
        kinds: dict[str, FieldKind] = {}
        for field in (field for version in self.version for field in version.field):
            if kinds.setdefault(field.name, field.kind) is not field.kind:
                raise ValueError(f"{field.name} is of two kinds: what was filled in is read by the name of its field")
        return self

    def on(self, day: date) -> SaidVersion:
        """The version in force that day; before the first one, that one."""
        begun = [version for version in self.version if version.starts <= day]
        return begun[-1] if begun else self.version[0]


def read_file(path: Path) -> ProductFile:
    """Raises BadFile for what is not as it must be, with the place; the examples are judged by `examples`."""
    try:
        said = tomllib.loads(path.read_text())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise BadFile(path, [str(wrong)]) from None
    try:
        return ProductFile.model_validate(said)
    except ValidationError as wrong:
        raise BadFile(path, list(_reasons(wrong, "", said))) from None


def _reasons(wrong: ValidationError, place: str, said: Mapping[str, Any] | None = None) -> Iterator[str]:
    for error in wrong.errors(include_url=False):
        where = _place(error["loc"], said) if said is not None else [str(part) for part in error["loc"]]
        named = " > ".join([part for part in [place, *where] if part])
        yield f"{named}: {error['msg'].removeprefix('Value error, ')}" if named else error["msg"]


def _place(loc: Sequence[int | str], said: Any) -> list[str]:  # noqa: ANN401  # whatever stands there
    """As a person finds it: a version by its first day, a field by its name, else the number from one."""
    found: list[str] = []
    for part in loc:
        try:
            said = said[part]
        except (KeyError, IndexError, TypeError):
            said = None
        if isinstance(part, int):
            named = said if isinstance(said, Mapping) else {}
            called = next((named[name] for name in ("starts", "name", "value") if named.get(name)), part + 1)
            found[-1] = f"{found[-1]} {called}"
        else:
            found.append(part)
    return found


def library() -> list[Path]:
    """The files of the house."""
    return sorted(LIBRARY.glob("*.toml"))
