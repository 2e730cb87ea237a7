"""Whom typed text means, of those whom a company knows: pure, and the same for a page, a file and a program
(docs/adr/0029). One after the other: whom an earlier text brought, a later one finds."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from remise.core.errors import BrokenRule
from remise.core.identifiers import number_key
from remise.core.search.words import name_key

PERSON, COMPANY = "person", "company"
LEGAL_FORMS = frozenset(
    ("bv", "nv", "vof", "gmbh", "mbh", "ag", "kg", "ohg", "ug", "ltd", "se", "sa", "sarl", "bvba", "cvba")
)
LEGAL_BEGINNINGS = frozenset(("stichting", "vereniging", "gemeente", "maatschap"))
_WITH_NUMBER = re.compile(r"(?P<name>.+?)\s*\((?P<number>[^()]{1,50})\)")
_KVK = re.compile(r"KVK([0-9]{8})")
LONGEST_REFERENCE = 40


@dataclass(eq=False, slots=True)
class Somebody:
    """A party, with its number once it has a row."""

    name: str
    kind: str = PERSON
    reference: str | None = None
    kvk: str | None = None
    id: int | None = None

    @property
    def key(self) -> str:
        return name_key(self.name)

    @property
    def numbers(self) -> list[str]:
        return [number for number in (number_key(self.reference or ""), self.kvk) if number]

    @property
    def written(self) -> str:
        """As it can be typed where the name alone means several."""
        if self.reference:
            return f"{self.name} ({self.reference})"
        return f"{self.name} (KvK {self.kvk})" if self.kvk else self.name


@dataclass(frozen=True, slots=True)
class Former:
    """How somebody was written down a second time, before both were merged; and who that is now."""

    was: Somebody
    now: Somebody


class SharedName(BrokenRule):
    """More than one has this name; `meant` are those."""

    def __init__(self, name: str, meant: Iterable[Somebody]) -> None:
        self.name, self.meant = name, tuple(meant)
        super().__init__(told_apart(name, self.meant), code="name_shared")


class OtherName(BrokenRule):
    """The number between brackets is somebody else's than the name before it; `meant` has the number."""

    def __init__(self, reference: str, meant: Somebody) -> None:
        self.reference, self.meant = reference, meant
        message = _("%(number)s is the number of %(name)s. Write the one or the other.")
        super().__init__(message % {"number": reference, "name": meant.name}, code="other_name")


def told_apart(name: str, known: Iterable[Somebody]) -> str:
    """What to write instead; who has no number yet cannot be written."""
    found = tuple(known)
    written = [one.written for one in found if one.numbers]
    said = {"name": name, "which": ", ".join(written)}
    if not written:
        return _("More than one is called %(name)s. Give each a number first.") % said
    if len(written) < len(found):
        message = _("More than one is called %(name)s. Write %(which)s, or give the other one a number first.")
        return message % said
    return _("More than one is called %(name)s. Write which one: %(which)s.") % said


@dataclass(frozen=True)
class Text:
    """What stands in a field, taken apart: "J. Jansen (K-1001)"."""

    typed: str

    @cached_property
    def _parts(self) -> re.Match[str] | None:
        return _WITH_NUMBER.fullmatch(self.typed)

    @property
    def name(self) -> str:
        return self._parts["name"] if self._parts else self.typed

    @property
    def number(self) -> str:
        """What stands between brackets, as it is compared; "" = nothing does."""
        return _plain(self._parts["number"]) if self._parts else ""

    @property
    def reference(self) -> str:
        return self._parts["number"].strip() if self._parts else ""

    @property
    def whole(self) -> str:
        return _plain(self.typed)

    @property
    def names(self) -> set[str]:
        return {name_key(self.typed), name_key(self.name)}

    @property
    def numbers(self) -> set[str]:
        return {self.whole, self.number} - {""}


def _plain(text: str) -> str:
    """A number as it is looked up, with or without "KvK" before it."""
    key = number_key(text)
    found = _KVK.fullmatch(key)
    return found[1] if found else key


@dataclass(slots=True)
class Known:
    """Those whom a company knows, as far as they could be meant."""

    _by_number: dict[str, Somebody] = field(default_factory=dict)
    _by_name: defaultdict[str, list[Somebody]] = field(default_factory=lambda: defaultdict(list))
    _was_called: defaultdict[str, list[Somebody]] = field(default_factory=lambda: defaultdict(list))
    _had_number: dict[str, Former] = field(default_factory=dict)
    fresh: list[Somebody] = field(default_factory=list)  # not known before

    @classmethod
    def of(cls, living: Iterable[Somebody], former: Iterable[Former] = ()) -> "Known":
        """A former name or number counts where nobody has it now."""
        known = cls()
        for one in living:
            known._add(one)
        for each in former:
            known._add_former(each)
        return known

    def meant(self, typed: str) -> Somebody:
        """Whoever has this number, else this name; whom nobody knew is known from now on. Raises BrokenRule."""
        text = Text(typed.strip())
        if found := self._of_number(text.whole):
            return found
        if text.number and (self._of_number(text.number) or _looks_like_a_number(text.number)):
            return self._with_number(text)
        if _is_a_number(text.typed):
            raise _nobody(text.typed)
        same = self._called(name_key(text.typed))
        if len(same) > 1:
            raise SharedName(text.typed, same)
        return same[0] if same else self._bring(Somebody(text.typed, kind_of(text.typed)))

    def _with_number(self, text: Text) -> Somebody:
        found = self._of_number(text.number)
        if found is not None:
            if name_key(text.name) not in self._names_with(text.number, found):
                raise OtherName(text.reference, found)
            return found
        if _is_a_number(text.name) or len(text.reference) > LONGEST_REFERENCE:
            raise _nobody(text.typed)
        if any(not one.numbers for one in self._called(name_key(text.name))):
            message = _("%(name)s is known without the number %(number)s. Leave the number out, or give it first.")
            raise BrokenRule(message % {"name": text.name, "number": text.reference}, code="number_unknown")
        if _KVK.fullmatch(number_key(text.reference)):
            return self._bring(Somebody(text.name, COMPANY, kvk=text.number))
        return self._bring(Somebody(text.name, kind_of(text.name), reference=text.reference))

    def _of_number(self, number: str) -> Somebody | None:
        former = self._had_number.get(number)
        return self._by_number.get(number) or (former.now if former else None)

    def _names_with(self, number: str, found: Somebody) -> set[str]:
        former = None if number in self._by_number else self._had_number.get(number)
        return {found.key, former.was.key} if former else {found.key}

    def _called(self, key: str) -> list[Somebody]:
        return self._by_name.get(key) or self._was_called.get(key, [])

    def _bring(self, one: Somebody) -> Somebody:
        self._add(one)
        self.fresh.append(one)
        return one

    def _add(self, one: Somebody) -> None:
        self._by_name[one.key].append(one)
        for number in one.numbers:  # the company's own reference goes before a KvK number
            if number not in self._by_number or number != one.kvk:
                self._by_number[number] = one

    def _add_former(self, one: Former) -> None:
        if all(other.id != one.now.id for other in self._was_called[one.was.key]):
            self._was_called[one.was.key].append(one.now)
        for number in one.was.numbers:
            self._had_number.setdefault(number, one)


def kind_of(name: str) -> str:
    """A company by its legal form, as far as the name says it; else a person."""
    words = name_key(name).split(" ")
    is_company = len(words) > 1 and (words[-1] in LEGAL_FORMS or words[0] in LEGAL_BEGINNINGS)
    return COMPANY if is_company else PERSON


def _looks_like_a_number(key: str) -> bool:
    return any(char.isdigit() for char in key)


def _is_a_number(text: str) -> bool:
    """No name: nothing but digits, or one word with more digits than letters, such as a mistyped reference."""
    digits, letters = sum(map(str.isdigit, text)), sum(map(str.isalpha, text))
    return letters == 0 or (digits > letters and " " not in text)


def _nobody(typed: str) -> BrokenRule:
    return BrokenRule(_("Nobody here has the number %(number)s. Write the name.") % {"number": typed}, code="nobody")
