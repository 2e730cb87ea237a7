"""What moves out and comes in somewhere else moves out there as the same."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remise.fleet.rights import FleetRight
from remise.organisations.rights import OrganisationRight
from tests.book import moving
from tests.book.moving import BRANCHES, ORGANISATIONS, PEOPLE, POLICIES, put, refused, take

AWKWARD = st.text(st.sampled_from("'=+-@;,\"\n\tëß€Łاa1 "), min_size=1, max_size=12) | st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=12
)
NAMES = AWKWARD.map(lambda text: f"{text}x")
RIGHTS = st.sets(st.sampled_from([FleetRight.VIEW, FleetRight.REGISTER, FleetRight.DEREGISTER]))
DAYS = st.dates(date(2000, 1, 1), date(2040, 1, 1))


@dataclass(slots=True)
class Written:
    """Four files that go together."""

    organisations: list[Any]
    branches: list[Any]
    people: list[Any]
    policies: list[Any]


@st.composite
def customer_books(draw: st.DrawFn) -> Written:
    made = Written([], [], [], [])
    for number, name in enumerate(draw(st.lists(NAMES.map(str.strip), max_size=3, unique=True))):
        kvk = f"{number:08d}" if draw(st.booleans()) else ""
        company = kvk or name
        kind = draw(st.sampled_from(["company", "person", "intermediary"]))
        address = draw(st.sampled_from(["", f"balie{number}@example.test"]))
        made.organisations.append((kvk, kind, name, address))
        places = [
            (f"R{number}-{place}" * draw(st.integers(0, 1)), f"{place:012d}" * bool(place)) for place in range(3)
        ]
        made.branches += [(company, relation, own, draw(NAMES)) for relation, own in places]
        for person in range(draw(st.integers(0, 2))):
            rights = [f"{right}@{relation or own}" for relation, own in places for right in sorted(draw(RIGHTS))] + [
                OrganisationRight.MANAGE_USERS
            ] * draw(st.integers(0, 1))
            state = draw(st.sampled_from(["active", "ended"]))
            held = " ".join(rights) if state == "active" else ""
            made.people.append((company, f"p{number}.{person}@example.test", draw(NAMES), state, held))
        for policy in range(draw(st.integers(0, 2))):
            starts = draw(DAYS)
            last = starts + timedelta(days=draw(st.integers(0, 900))) if draw(st.booleans()) else None
            made.policies.append((company, "dealer-stock", f"{number}.{policy}", starts, last))
    return made


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@settings(max_examples=12)
@given(book=customer_books())
def test_book_comes_back_as_it_went(tmp_path_factory: pytest.TempPathFactory, suffix: str, book: Written) -> None:
    here, there, place = moving.portal(), moving.portal(), tmp_path_factory.mktemp("books")
    for name, header in (
        ("organisations", ORGANISATIONS),
        ("branches", BRANCHES),
        ("people", PEOPLE),
        ("policies", POLICIES),
    ):
        path = put(place / f"{name}.csv", header, *getattr(book, name))
        assert take(here, name, path).refused == 0, refused(path)
        assert len(moving.read(path)) == len(getattr(book, name))
    went = moving.out(here, place / "went", suffix)
    for name, path in went.items():
        assert take(there, name, path).refused == 0, refused(path)
    as_text = [moving.out(at, place / at.slug) for at in (here, there)]
    for name in went:
        assert as_text[1][name].read_bytes() == as_text[0][name].read_bytes()
        assert len(moving.read(as_text[0][name])) == len(getattr(book, name, []))  # nobody ranks an intermediary
