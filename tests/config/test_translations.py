import os
from pathlib import Path

import polib
import pytest

from remise.config.catalogues import compile_changed
from tests.translations import problems


def catalogue(*entries: polib.POEntry) -> polib.POFile:
    made = polib.POFile()
    made.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=2; plural=(n != 1);"}
    made.extend(entries)
    return made


YES = polib.POEntry(msgid="Yes", msgstr="Ja")
PLATE = polib.POEntry(msgid="Plate %(plate)s", msgstr="Kenteken %(plate)s")
CARS = polib.POEntry(msgid="%(n)s car", msgid_plural="%(n)s cars", msgstr_plural={0: "een auto", 1: "%(n)s auto's"})


def test_problems_when_all_is_there() -> None:
    assert list(problems(catalogue(YES, PLATE, CARS), catalogue(YES, PLATE, CARS))) == []


@pytest.mark.parametrize(
    ("used", "translated", "complaint"),
    [
        (YES, polib.POEntry(msgid="No", msgstr="Nee"), "missing: 'Yes' ()"),
        (YES, polib.POEntry(msgid="Yes", msgstr=""), "missing: 'Yes' ()"),
        (YES, polib.POEntry(msgid="Yes", msgstr="Ja", flags=["fuzzy"]), "doubtful (fuzzy): 'Yes' ()"),
        (YES, polib.POEntry(msgid="Yes", msgstr="Ja", msgctxt="button"), "missing: 'Yes' ()"),
        (
            PLATE,
            polib.POEntry(msgid="Plate %(plate)s", msgstr="Kenteken %(kenteken)s"),
            "other placeholders than ['%(plate)s']: 'Kenteken %(kenteken)s' ()",
        ),
        (
            CARS,
            polib.POEntry(
                msgid="%(n)s car", msgid_plural="%(n)s cars", msgstr_plural={0: "een auto", 1: "{n} auto's"}
            ),
            "other placeholders than ['%(n)s']: \"{n} auto's\" ()",
        ),
    ],
)
def test_problems_names_what_is_wrong(used: polib.POEntry, translated: polib.POEntry, complaint: str) -> None:
    assert list(problems(catalogue(used), catalogue(translated))) == [complaint]


def test_compile_changed_writes_what_is_newer(tmp_path: Path) -> None:
    source = tmp_path / "locale" / "nl" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    catalogue(YES, polib.POEntry(msgid="No", msgstr="Nee", flags=["fuzzy"])).save(str(source))
    assert compile_changed(tmp_path) == [source.with_suffix(".mo")]
    assert compile_changed(tmp_path) == []
    assert [(entry.msgid, entry.msgstr) for entry in polib.mofile(str(source.with_suffix(".mo")))] == [("Yes", "Ja")]
    os.utime(source.with_suffix(".mo"), (0, 0))
    assert compile_changed(tmp_path) == [source.with_suffix(".mo")]
