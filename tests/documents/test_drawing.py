"""What is drawn: archival and readable by everybody, the same each time, and never more than text."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from remise.documents import drawing, house, letters
from remise.documents.actions import print_file
from remise.documents.models import Document
from remise.fleet.documents import RECEIPT
from remise.portals.models import Portal
from tests.documents.papers import BODY, pages, tags, text

PORTAL = Portal(
    name="Koetspoort",
    insurer="Koetspoort Verzekeringen N.V.",
    brand="#0b5d5b",
    logo="ui/logos/koetspoort.svg",
    desk_name="Service",
    desk_phone="038 000 00 00",
    desk_email="acceptatie@koetspoort.example",
    desk_week="Mo-Fr 08:00-17:30",
)
LIVELY = [
    "#panic()",
    '#read("/config/settings.py")',
    "\\ ] [ } { $x$ *b* _i_ `c` <a> @b // c /* d */",
    '"); eval("1+1")',
    "= Kop\n- punt",
    "汉字 и Ελληνικά \ue000 \U0001f600 \x07 \u200f \ud800",
]


def paper(language: str = "nl", **body: object) -> Document:
    return Document(
        kind=RECEIPT,
        language=language,
        title="Ontvangstbewijs 2026-000123",
        number="2026-000123",
        made_at=datetime(2026, 3, 12, 11, tzinfo=UTC),
        snapshot={**house.frame(PORTAL, language), "body": BODY | body},
    )


def test_draw_says_that_it_is_archival_and_accessible() -> None:
    with pikepdf.open(BytesIO(drawing.draw([paper()]))) as opened:
        metadata = opened.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Ontvangstbewijs 2026-000123"
        assert str(opened.Root.Lang) == "nl"
        assert bool(opened.Root.MarkInfo.Marked)
        assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
        assert str(opened.docinfo["/CreationDate"]).startswith("D:20260312110000")
        fonts = {str(font.BaseFont) for page in opened.pages for font in page.Resources.Font.values()}
    assert fonts
    assert all(re.fullmatch(r"/[A-Z]{6}\+Inter-.*", name) for name in fonts)  # embedded, and no other


def test_draw_tags_what_is_read_in_its_order() -> None:
    found = tags(drawing.draw([paper()]))
    assert found[0] == "Document"
    assert found.index("H1") < found.index("Table")
    assert "Figure" not in found  # the mark in the head is decoration of the page


def test_draw_shows_number_and_page() -> None:
    (page,) = pages(drawing.draw([paper("en")]))
    assert page.count("2026-000123") == 2  # above the title and in the foot
    assert "Page 1 of 1" in page
    assert "Koetspoort Verzekeringen N.V." in page


def test_draw_same_snapshot_gives_the_same_bytes() -> None:
    assert drawing.draw([paper()]) == drawing.draw([paper()])
    assert drawing.draw([paper()]) != drawing.draw([paper(plate="GHK-13-L")])


def test_print_file_claims_no_seal() -> None:
    document = paper("en")
    assert "Sealed electronically" in text(drawing.draw([document]))
    assert "Sealed electronically" not in text(print_file([document]))


def test_print_file_counts_pages_of_each_document() -> None:
    long = [[str(line), "…"] for line in range(60)]
    printed = print_file([paper("en"), paper("en", facts=long), paper("en")])
    assert [re.findall(r"Page \d of \d", page) for page in pages(printed)] == [
        ["Page 1 of 1"],
        ["Page 1 of 3"],
        ["Page 2 of 3"],
        ["Page 3 of 3"],
        ["Page 1 of 1"],
    ]
    assert tags(printed).count("H1") == 3


@pytest.mark.parametrize("said", LIVELY)
def test_draw_never_reads_a_text_as_markup(said: str) -> None:
    drawn = text(drawing.draw([paper(headline=said, facts=[["Bedrijf", said], [said, "x"]])]))
    wanted = letters.printable(said)
    shown = re.sub(r"[\s\u00ad]+", "", drawn)
    assert shown.count(re.sub(r"\s+", "", wanted)) >= 3


@given(st.text(max_size=40))
@settings(max_examples=60)
def test_draw_any_text_of_a_company(said: str) -> None:
    assert drawing.draw([paper(facts=[["Bedrijf", said]], headline=f"x{said}")]).startswith(b"%PDF-1.7")


def test_letters_are_those_of_the_type() -> None:
    """coverage.txt says what the bundled files can print; no control signs, and no private ones (ISO 19005-2)."""
    for file in sorted(drawing.FONTS.glob("*.otf")):
        assert {ord(letter) for letter in letters.covered()} <= set(TTFont(file).getBestCmap())
    assert {"é", "ß", "Ł", "€", "–", "Ж", "λ", letters.BOX} <= letters.covered()


def test_letters_without_a_shape_become_a_box() -> None:
    assert letters.printable({"a": ["e\u0301", "汉", "a\nb", "\x07", 1, None]}) == {
        "a": ["é", letters.BOX, "a b", "", 1, None]
    }
