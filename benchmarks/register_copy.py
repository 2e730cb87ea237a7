"""The whole register as a file: our import next to a plain COPY of the raw file into a table of text columns."""

import contextlib
import csv
import io
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import psycopg
from django.db import connections

from benchmarks.figures import Benchmark, Figure, check, seconds
from benchmarks.stage import Stage, connect
from remise.vehicles.copying.loading import copy_register
from remise.vehicles.models import RegisterCopy
from tests.register.bulk import EXAMPLE, HEADER
from tests.world import OWNER

LETTERS = "BDFGHJKLNPRSTVXZ"
PLATES = len(LETTERS) ** 3 * 1000
STRIDE = 7919  # shares no factor with the number of plates: they come in no order, as the register's do
MODELS = [(f"MERK {make}", f"MODEL {make} {model}") for make in range(150) for model in range(30)]
KINDS = ("Personenauto",) * 8 + ("Bedrijfsauto", "Motorfiets")
COLOURS = ("GRIJS", "ZWART", "WIT", "BLAUW", "ROOD")
FIRST = date(1988, 1, 1)
CHUNK = 1 << 20


def run(stage: Stage) -> Iterator[Figure]:
    world, rows = stage.empty, stage.sizes.register
    world.use()
    ours: list[float] = []
    plain: list[float] = []
    with tempfile.TemporaryDirectory() as directory, connect(world, owner=True) as owner:
        path = Path(directory) / "register.csv"
        worth = generate(path, rows)
        for _turn in range(3):
            plain.append(seconds(lambda: _plain(owner, path)))
            check(_one(owner, "select count(*) from raw") == rows, "plain COPY took every line")
            _empty(owner)
            ours.append(seconds(lambda: copy_register(path, published=datetime.now(UTC), progress=_silent)))
            _check(owner, rows, worth)
        owner.execute("drop table raw")
        _empty(owner)
    rate, floor = rows / median(ours), rows / median(plain)
    yield Figure("rdw.import", rate, "rows/s", "COPY of the raw file", rate / floor, rows)


ALL = (Benchmark(("rdw.import",), run),)


def generate(path: Path, rows: int) -> int:
    """A file of the register's shape, other cells as in its example; returns what its vehicles cost together."""
    header, filling = _shape()
    place = {name: header.index(name) for name in HEADER}
    worth = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        out = io.StringIO()
        sheet = csv.writer(out, lineterminator="\n")
        sheet.writerow(header)
        for number in range(rows):
            row = list(filling[number % len(filling)])
            worth += _fill(row, place, number)
            sheet.writerow(row)
            if number % 10_000 == 0 or number == rows - 1:
                file.write(out.getvalue())
                out.seek(0)
                out.truncate()
    return worth


def _shape() -> tuple[list[str], list[list[str]]]:
    if not EXAMPLE.exists():
        others = [f"Kolom {number}" for number in range(95 - len(HEADER))]
        return [*HEADER, *others], [["Nee"] * 95]
    with EXAMPLE.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return header, rows


def _fill(row: list[str], place: dict[str, int], number: int) -> int:
    mixed = number * STRIDE % PLATES
    chosen = mixed % len(MODELS)
    make, model = MODELS[chosen]
    # Around what its model costs, as prices are; one in three has none.
    price = 0 if number % 3 == 0 else 12_000 + 11 * chosen + 5 * (number * 613 % 800)
    said = {
        "Kenteken": LETTERS[mixed // 256_000]
        + LETTERS[mixed // 16_000 % 16]
        + f"{mixed % 1000:03d}"
        + LETTERS[mixed // 1000 % 16],
        "Voertuigsoort": KINDS[mixed % len(KINDS)],
        "Merk": make,
        "Handelsbenaming": model,
        "Eerste kleur": COLOURS[mixed % len(COLOURS)],
        "Catalogusprijs": str(price or ""),
        "Massa rijklaar": str(800 + mixed % 2_700),
    }
    for turn, name in enumerate(("Datum eerste toelating", "Datum tenaamstelling", "Vervaldatum APK")):
        day = FIRST + timedelta(mixed * (turn + 3) % 13_000)
        is_said = name != "Vervaldatum APK" or number % 5
        said[name] = day.strftime("%Y%m%d") if is_said else ""
        said[f"{name} DT"] = day.strftime("%m/%d/%Y 12:00:00 AM") if is_said else ""
    for name, cell in said.items():
        row[place[name]] = cell
    return price


def _plain(owner: psycopg.Connection, path: Path) -> None:
    header, _rows = _shape()
    owner.execute("drop table if exists raw")
    owner.execute("create table raw (" + ", ".join(f"c{number} text" for number in range(len(header))) + ")")
    owner.commit()
    with path.open("rb") as file, owner.cursor().copy("copy raw from stdin (format csv, header true)") as into:
        while part := file.read(CHUNK):
            into.write(part)
    owner.commit()


def _empty(owner: psycopg.Connection) -> None:
    owner.execute("truncate vehicles_vehicle, vehicles_typicalvalue, vehicles_registercopy")
    owner.commit()


def _check(owner: psycopg.Connection, rows: int, worth: int) -> None:
    """Every vehicle is there with what the file says of it, and the medians were learned."""
    found = owner.execute(
        "select count(*), coalesce(sum(catalogue_value), 0)::bigint, count(distinct make),"
        " count(*) filter (where inspection_until is null), count(*) filter (where running_mass is not null),"
        " min(first_admitted_on) from vehicles_vehicle"
    ).fetchone()
    makes = min(rows, len({make for make, _model in MODELS}))
    check(found == (rows, worth, makes, (rows + 4) // 5, rows, FIRST), f"what was stored is {found}")
    owner.commit()
    with contextlib.closing(connections[OWNER]):
        copy = RegisterCopy.objects.using(OWNER).get()
        check((copy.taken, copy.written, copy.refused) == (rows, rows, 0), "the import counted every line")
        check(copy.ended_at is not None, "the import ended")


def _one(owner: psycopg.Connection, query: str) -> object:
    row = owner.execute(query).fetchone()
    owner.commit()
    return row and row[0]


def _silent(_copy: RegisterCopy, _share: float) -> None:
    """Nobody looks on."""
