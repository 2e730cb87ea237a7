"""Green cards: single ones, archival and tagged, and many as one tagged file for the printer, next to WeasyPrint
drawing the same two pages. Nothing is stored; the same templates draw them that draw the real ones."""

from collections.abc import Iterator
from datetime import date
from html import escape
from itertools import count

from django.urls import get_resolver

from benchmarks.documents import PORTAL, Drawing, paper
from benchmarks.figures import Benchmark, Figure, check, in_turns
from benchmarks.stage import Stage
from remise.documents import drawing
from remise.documents.models import Document
from remise.green_cards import printing
from remise.green_cards.models import CardSettings, GreenCard
from remise.green_cards.printing import Sheet
from remise.green_cards.territory import territory

WEASYPRINT = "WeasyPrint, the same pages, tagged, pages/s"
TOGETHER, FEW = 250, 10  # cards in our print file; WeasyPrint's cost a page does not fall with their number
PAGES = 2
FIRST, LAST = date(2026, 10, 21), date(2027, 10, 20)


def card(number: int) -> Document:
    get_resolver()  # the address in the code
    boxes = territory(on=FIRST, until=LAST)
    made = GreenCard(
        serial=number,
        plate=f"GT{number % 1000:03d}K",
        valid_from=FIRST,
        valid_to=LAST,
        category="A",
        make="VOLVO",
        token=f"{number:032d}",
        territory={
            "block": [box.sign for box in boxes if box.in_block],
            "covered": [box.sign for box in boxes if not box.in_block and not box.crossed],
            "crossed": [box.sign for box in boxes if box.crossed],
        },
    )
    settings = CardSettings(
        insurer_code="123",
        insurer_name=PORTAL.insurer,
        insurer_address="Postbus 1, 8000 AA Zwolle",
        signed_by="M. van der Horst",
        assistance_home="038 111 22 33",
        assistance_abroad="+31 38 111 22 44",
        claims_phone="038 111 22 55",
    )
    sheet = Sheet(PORTAL, settings, ["Garage De Brug", "Rijnstraat 12", "8011 AB Zwolle"], "koetspoort.example", "nl")
    return paper(printing.KIND_NAME, printing.snapshot(sheet, made), title=f"Groene kaart {made.number}")


def as_html(document: Document) -> str:
    return _page(_body(document), document.title)


def _page(body: str, title: str) -> str:
    fonts = "".join(
        f"@font-face {{ font-family: Inter; font-weight: {weight}; src: url(file://{drawing.FONTS}/{file}) }}"
        for weight, file in ((400, "Inter-Regular.otf"), (600, "Inter-SemiBold.otf"))
    )
    return (
        f"<html lang=nl><head><title>{escape(title)}</title><style>{fonts}"
        "@page { size: A4; margin: 12mm } body { font: 9pt Inter } section + section { break-before: page }"
        " table { width: 100%; border-collapse: collapse } td { border: .75pt solid #000; padding: 6pt }"
        " b { font-size: 13pt } small { font-size: 6.5pt } .x { background: linear-gradient(to top right,"
        " transparent 49%, #000 50%, transparent 51%), linear-gradient(to bottom right, transparent 49%, #000 50%,"
        f" transparent 51%) }} svg {{ width: 34mm }}</style></head><body>{body}</body></html>"
    )


def _body(document: Document) -> str:
    said = document.snapshot["body"]
    of, beside = said["card"], said["page"]
    days = ["-".join(str(part) for part in of[name].values()) for name in ("from", "to")]
    number = f"{of['country_code']} / {of['insurer_code']} / {of['number']}"
    answers = (of["bureau"], *days, number, of["plate"], of["category"], of["make"], *of["holder"], *of["insurer"])
    cells = "".join(f"<tr><td><small>Vak / Box / Case</small><br><b>{escape(text)}</b></td></tr>" for text in answers)
    signs = "".join(f"<td{' class=x' if one['crossed'] else ''}>{one['sign']}</td>" for one in of["others"])
    help_rows = "".join(f"<tr><td>{escape(label)}</td><td>{escape(text)}</td></tr>" for label, text in beside["help"])
    lines = "".join(f"<li>{escape(text)}</li>" for text in (*beside["crossed"], *beside["advice"]))
    return (
        f"<section><h1>Internationaal motorrijtuigverzekeringsbewijs</h1><table>{cells}</table>"
        f"<p>{' '.join(of['block'])}</p><table><tr>{signs}</tr></table></section>"
        f"<section><h1>{escape(beside['title'])}</h1><p>{escape(beside['span'])}</p><table>{help_rows}</table>"
        f"<div role=img aria-label=QR>{beside['qr']}</div><p>{escape(beside['url'])}</p><ul>{lines}</ul></section>"
    )


def batch(stage: Stage) -> Iterator[Figure]:
    import weasyprint

    numbers = count(1)
    ours_cards = [card(next(numbers)) for _ in range(TOGETHER)]
    theirs_page = _page("".join(_body(one) for one in ours_cards[:FEW]), "Groene kaarten")
    check(drawing.draw(ours_cards[:2]).count(b"/Type /Page\n") in {0, 4}, "two pages a card")

    def ours() -> None:
        drawing.draw(ours_cards)

    def theirs() -> None:
        weasyprint.HTML(string=theirs_page).write_pdf(pdf_tags=True)

    drawn, theirs_drawn = in_turns(ours, theirs, rounds=stage.sizes.rounds, times=1)
    ours_rate, theirs_rate = drawn.rate * TOGETHER * PAGES, theirs_drawn.rate * FEW * PAGES
    yield Figure("cards.batch", ours_rate, "pages/s", WEASYPRINT, ours_rate / theirs_rate, TOGETHER * PAGES)


ALL = (
    Benchmark(("cards.pdf",), Drawing("cards.pdf", card, as_html, PAGES).figures),
    Benchmark(("cards.batch",), batch),
)
