"""A PDF as a reader sees it: its text, and where the ink is."""

import re
from dataclasses import dataclass

import pypdfium2 as pdfium

DARK = 128
SCALE = 4.0  # dots a point: a hairline is then more than one dot wide


@dataclass(frozen=True, slots=True)
class Pdf:
    content: bytes

    @property
    def pages(self) -> list[str]:
        """The text of each page, in one line."""
        with pdfium.PdfDocument(self.content) as document:
            return [re.sub(r"\s+", " ", page.get_textpage().get_text_bounded()) for page in document]

    def is_crossed(self, sign: str) -> bool:
        """Is the box of this country struck through on the first page? Just inside its corners there is ink of both
        diagonals, where an uncrossed box is white."""
        with pdfium.PdfDocument(self.content) as document:
            page = document[0]
            left, bottom, right, top = _place(page.get_textpage(), sign)
            grey = page.render(scale=SCALE).to_pil().convert("L")
            height = page.get_height()
            # Between the text and the corners of the box, along each diagonal: the box is 26 points high.
            middle_x, middle_y = (left + right) / 2, (bottom + top) / 2
            spots = [(middle_x + dx, middle_y + dy) for dx, dy in ((-20, 9), (20, 9), (-20, -9), (20, -9))]
            return all(
                min(grey.getpixel((int((x + nudge) * SCALE), int((height - y) * SCALE))) for nudge in range(-4, 5))
                < DARK
                for x, y in spots
            )


def _place(text: pdfium.PdfTextPage, sign: str) -> tuple[float, float, float, float]:
    """Where the sign stands as a word of its own among the boxes: under what is said of them, above the next box."""
    top, bottom = _hits(text, "www.cobx.org")[0][3], _hits(text, "NAAM EN ADRES")[0][3]
    return [hit for hit in _hits(text, sign) if bottom < hit[1] < top][-1]


def _hits(text: pdfium.PdfTextPage, words: str) -> list[tuple[float, float, float, float]]:
    search, found = text.search(words, match_case=True, match_whole_word=True), []
    while (hit := search.get_next()) is not None:
        boxes = [text.get_charbox(hit[0] + n) for n in range(hit[1])]
        found.append(
            (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
        )
    return found
