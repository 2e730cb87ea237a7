"""Files that come in: once, again, in part, and after a line was mended."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.db import IntegrityError, connections

from remise.book import importing
from remise.book.books import Line, books
from remise.book.importing import Told, move_in
from remise.core.actor import Actor
from remise.core.importing import refused_beside
from remise.core.keeping import Kept
from remise.core.tables import UnreadableFile
from remise.organisations.models import Branch, Organisation
from remise.policies.models import Policy
from tests import world
from tests.book import moving
from tests.book.moving import BRANCHES, ORGANISATIONS, PEOPLE, POLICIES, put, refused, take
from tests.world import OWNER

BRUG = ("01234567", "company", "Garage De Brug")


def test_same_file_again_changes_nothing(tmp_path: Path) -> None:
    at = moving.portal()
    files = {
        "organisations": put(tmp_path / "o.csv", ORGANISATIONS, BRUG, ("", "person", "P. Slagter")),
        "branches": put(tmp_path / "b.csv", BRANCHES, ("01234567", "R1", "", "Zwolle"), ("P. Slagter", "", "", "A")),
        "people": put(
            tmp_path / "p.csv",
            PEOPLE,
            ("01234567", "Kees@Brug.example", "Kees Bos", "active", "users.manage vehicles.register@R1"),
            ("P. Slagter", "p@brug.example", "Piet", "active", "vehicles.view@"),
            ("01234567", "weg@brug.example", "Wil Weg", "ended", ""),
        ),
        "policies": put(
            tmp_path / "v.csv", POLICIES, ("01234567", "dealer-stock", "40.1", "31-1-2026", ""),
            ("P. Slagter", "dealer-stock", "40.2", "2026-01-31", "31.1.2026"),
        ),
    }  # fmt: skip
    for book, path in files.items():
        told = take(at, book, path)
        assert (told.kept[Kept.ADDED], told.refused) == (told.lines, 0), refused(path)
    first, before = moving.out(at, tmp_path / "first"), moving.events(at)
    assert len(before) == 12
    for book, path in files.items():
        told = take(at, book, path)
        assert told.kept == {Kept.SAME: told.lines}
    assert moving.events(at) == before
    again = moving.out(at, tmp_path / "again")
    assert [path.read_bytes() for path in again.values()] == [path.read_bytes() for path in first.values()]


def test_refused_line_comes_in_once_mended(tmp_path: Path) -> None:
    at = moving.portal()
    path = put(
        tmp_path / "book.csv", ORGANISATIONS, BRUG, ("1234567", "company", "=Zeven"), ("", "bank", "Geld"), BRUG
    )
    told = take(at, "organisations", path)
    assert (told.kept, told.refused) == ({Kept.ADDED: 1}, 3)
    assert [(line["line"], line["reason"], line["name"]) for line in refused(path)] == [
        ("3", "kvk: A KvK number has eight digits. Zeros in front belong to it.", "'=Zeven"),
        (
            "4",
            "kind: This kind of company does not exist. There are: company, person, intermediary, insurer.",
            "Geld",
        ),
        ("5", "Line 2 tells of the same.", "Garage De Brug"),
    ]
    beside = refused_beside(path)
    beside.write_text(beside.read_text("utf-8-sig").replace("1234567;", "01234568;", 1).replace("bank", "company"))
    told = take(at, "organisations", beside)
    assert (told.kept, told.refused) == ({Kept.ADDED: 2, Kept.SAME: 1}, 0)
    assert not refused_beside(beside).exists()
    names = Organisation.objects.using(OWNER).filter(portal=at).values_list("kvk", "name")
    assert set(names) == {("01234567", "Garage De Brug"), ("01234568", "=Zeven"), (None, "Geld")}


def test_refused_file_of_an_earlier_time_goes(tmp_path: Path) -> None:
    at = moving.portal()
    path = put(tmp_path / "book.csv", ORGANISATIONS, ("", "bank", "Geld"))
    assert take(at, "organisations", path).refused == 1
    put(path, ORGANISATIONS, ("", "company", "Geld"))
    assert take(at, "organisations", path).refused == 0
    assert not refused_beside(path).exists()


def test_rehearsal_keeps_nothing(tmp_path: Path) -> None:
    at = moving.portal()
    path = put(tmp_path / "book.csv", ORGANISATIONS, BRUG, ("", "bank", "Geld"))
    told = take(at, "organisations", path, rehearse=True)
    assert (told.kept, told.refused, len(refused(path))) == ({Kept.ADDED: 1}, 1, 1)
    assert not Organisation.objects.using(OWNER).filter(portal=at).exists()
    assert moving.events(at) == []


@pytest.mark.parametrize("rehearse", [True, False])
@pytest.mark.parametrize(("lines", "seconds"), [(2, 60.0), (300, 0.0)])
def test_import_holds_nobody_up_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, rehearse: bool, lines: int, seconds: float
) -> None:
    """Whether by lines or by time a batch is full: no lock and no transaction stays until the next."""
    monkeypatch.setattr(importing, "BATCH", lines)
    monkeypatch.setattr(importing, "LONGEST", seconds)
    at = moving.portal()
    path = put(tmp_path / "book.csv", ORGANISATIONS, *[("", "company", f"Garage {one}") for one in range(5)])
    seen = []

    def look(told: Told) -> None:
        with connections[OWNER].cursor() as cursor:
            asked = "select count(*) from pg_locks where locktype = 'advisory' and (classid, objid) = (%s, %s)"
            cursor.execute(asked, [importing.LOCK, at.id])
            seen.append((told.done, cursor.fetchone()[0]))

    told = move_in(at, books["organisations"], path, rehearse=rehearse, progress=look)
    assert told.kept == {Kept.ADDED: 5}
    assert seen == [(done, 0) for done in ((2, 4, 5) if lines == 2 else (1, 2, 3, 4, 5))]
    assert Organisation.objects.using(OWNER).filter(portal=at).count() == (0 if rehearse else 5)


def test_two_lines_of_one_branch_are_seen(tmp_path: Path) -> None:
    """By either of its numbers: else the second would unlink what the first links, again at each import."""
    at = moving.portal()
    take(at, "organisations", put(tmp_path / "o.csv", ORGANISATIONS, BRUG))
    number = "000000000111"
    path = put(
        tmp_path / "b.csv", BRANCHES,
        ("01234567", "R1", number, "Zwolle"), ("01234567", "", "0000 0000 0111", "Zwolle"),
        ("01234567", "R2", "", "Head"), ("01234567", "", "", "Head"), ("01234567", "R1", "000000000222", "Raalte"),
    )  # fmt: skip
    for expected in ({Kept.ADDED: 2}, {Kept.SAME: 2}):
        assert take(at, "branches", path).kept == expected
        reasons = [line["reason"] for line in refused(path)]
        assert reasons == [f"Line {one} tells of the same." for one in (2, 4, 2)]
    linked = Branch.objects.using(OWNER).filter(portal=at.id).values_list("relation_number", "establishment_number")
    assert set(linked) == {("R1", number), ("R2", None)}
    assert moving.events(at).count("branch.changed") == 0


def test_import_that_ends_says_in_which_line(tmp_path: Path) -> None:
    """Also when what a faster one wrote stands in the way twice."""

    def clash(_by: Actor, line: Line) -> Kept:
        raise IntegrityError(line["name"])

    path = put(tmp_path / "book.csv", ORGANISATIONS, BRUG)
    book = replace(books["organisations"], read=clash)
    with pytest.raises(IntegrityError) as ended:
        move_in(moving.portal(), book, path, progress=lambda _told: None)
    assert ended.value.__notes__ == ["in line 2"]


def test_changed_line_writes_one_event(tmp_path: Path) -> None:
    at = moving.portal()
    take(at, "organisations", put(tmp_path / "1.csv", ORGANISATIONS, BRUG))
    take(at, "organisations", put(tmp_path / "2.csv", ORGANISATIONS, (*BRUG[:2], "Garage Brug & Zn.")))
    assert moving.events(at) == ["organisation.added", "organisation.changed"]


def test_line_with_cells_too_many_or_unreadable_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_text("kvk;kind;name;contact_email\n;company;Brug;;Zonen\n;company;Bel\x07;\n;company\n")
    assert take(moving.portal(), "organisations", path).refused == 3
    assert [line["reason"] for line in refused(path)] == [
        "This line has more cells than the header: is a text with a separator without quotation marks?",
        "This line holds characters that no screen shows.",
        "name: A name is missing.",
    ]


def test_file_that_is_no_table_changes_nothing(tmp_path: Path) -> None:
    at = moving.portal()
    path = tmp_path / "book.csv"
    path.write_bytes("kvk;kind;name\n;company;Brug\n;company;Groß\n".encode("cp1252"))
    with pytest.raises(UnreadableFile):
        take(at, "organisations", path)
    assert not Organisation.objects.using(OWNER).filter(portal=at).exists()


def test_company_of_another_insurer_is_not_found(tmp_path: Path) -> None:
    elsewhere = world.garage()
    at = moving.portal()
    path = put(tmp_path / "b.csv", BRANCHES, (elsewhere.organisation.kvk, "R9", "", "Zwolle"))
    assert take(at, "branches", path).refused == 1
    assert refused(path)[0]["reason"].startswith("organisation: This insurer knows no such company.")


def test_policy_moves_its_days_and_nothing_else(tmp_path: Path) -> None:
    garage = world.garage()
    at, kvk, number = garage.portal, garage.organisation.kvk, garage.policy.number
    other = world.organisation(at)
    good = put(tmp_path / "good.csv", POLICIES, (kvk, "dealer-stock", number, "2020-01-01", "2030-12-31"))
    assert take(at, "policies", good).kept == {Kept.CHANGED: 1}
    assert str(Policy.objects.using(OWNER).get(id=garage.policy.id).ends) == "2031-01-01"
    bad = put(
        tmp_path / "bad.csv", POLICIES,
        (other.kvk, "dealer-stock", number, "2020-01-01", ""),
        (kvk, "fleet", f"{number}-2", "2020-01-01", ""),
        (kvk, "dealer-stock", f"{number}-3", "2020-01-02", "2020-01-01"),
        (kvk, "dealer-stock", f"{number}-4", "2020-13-01", ""),
        (kvk, "dealer-stock", f"{number}-5", "", ""),
        (kvk, "dealer-stock", "", "2020-01-01", ""),
    )  # fmt: skip
    assert take(at, "policies", bad).refused == 6
    assert [line["reason"] for line in refused(bad)] == [
        "number: This policy number belongs to another company.",
        "product: This insurer has no product with the code fleet.",
        "last_day: A policy ends after the day it starts.",
        "starts: This is no day. Write it as 2026-01-31 or 31-1-2026.",
        "starts: The day on which the policy starts is missing.",
        "number: The policy number is missing.",
    ]
