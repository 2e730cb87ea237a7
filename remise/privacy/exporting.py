"""All that this portal and the account hold about a person, in one file: a page to read, and the same for programs.

Regulation (EU) 2016/679, art. 15 (a copy, without others' names: 15(4)) and art. 20 (a common format, to take along).
"""

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from django.template.loader import render_to_string
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.limits import Limit
from remise.core.particulars import Section, Told, told
from remise.core.words import Text, language_now
from remise.organisations.rights import label_of
from remise.portals.models import Portal
from remise.privacy.oneself import require_own
from remise.ui import formats

OFTEN = Limit("privacy.export", times=20, seconds=3600)
PAGE, DATA = "index.html", "data.json"
SHOWN = 500  # rows of one kind on the page to read; the file for programs has them all


@dataclass(frozen=True, slots=True)
class Part:
    """A section with what it tells of this person."""

    section: Section
    rows: Sequence[Told]

    @property
    def labels(self) -> list[Text]:
        return list(self.section.fields.values())

    @property
    def lines(self) -> list[list[str]]:
        return [[shown(key, row.get(key)) for key in self.section.fields] for row in self.rows[:SHOWN]]

    @property
    def more(self) -> int:
        return max(0, len(self.rows) - SHOWN)


def particulars(account: int) -> list[Part]:
    """Each room tells its own, in the scope of the account or of the system."""
    return [Part(section, list(section.read(account))) for section in told]


def export(*, by: Actor, account: int, portal: Portal) -> bytes:
    """A ZIP file in the language that is switched on. That it was made is written down, what is in it is not."""
    require_own(by, account)
    OFTEN.take(account)
    parts = particulars(account)
    events.record("account.exported", by=by, subject=("account", account))
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PAGE, _page(parts, by=by, portal=portal))
        archive.writestr(DATA, _data(parts, by=by, portal=portal))
    return file.getvalue()


def file_name(by: Actor) -> str:
    return f"{_('my-data')}-{clock.today(by).isoformat()}.zip"


def _page(parts: Sequence[Part], *, by: Actor, portal: Portal) -> str:
    said = {"parts": parts, "portal": portal, "now": clock.now(by), "language": language_now(), "data": DATA}
    return render_to_string("privacy/export.html", said)


def _data(parts: Sequence[Part], *, by: Actor, portal: Portal) -> str:
    told_of = {part.section.name: part.rows for part in parts}
    said = {"portal": portal.slug, "insurer": portal.insurer, "made_at": clock.now(by), "particulars": told_of}
    return json.dumps(said, default=str, ensure_ascii=False, indent=2)


def shown(key: str, value: object) -> str:
    """As people write it: days and moments, yes and no, rights by their name."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if key == "right":
        return str(label_of(str(value)))
    if isinstance(value, str):
        value = _moment(value) or value
    if isinstance(value, datetime):
        return formats.moment(value)
    return formats.day(value) if isinstance(value, date) else str(value)


def _moment(text: str) -> datetime | date | None:
    """What the database wrote as a moment or a day; of anything else nothing."""
    try:
        return (parse_datetime(text) if "T" in text else parse_date(text)) if text[:4].isdigit() else None
    except ValueError:
        return None
