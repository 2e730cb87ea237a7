"""The register's file comes in: batches that commit, so that whoever kills it loses a second's work.

Each batch is copied into a temporary table and stored in one statement; a row says how far the file is. What stands
there of a later moment stays as it is."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from remise.core.ahead import ahead
from remise.core.clock import day_of
from remise.core.scope import ActorKind, Scope, enter
from remise.core.tables import UnreadableFile
from remise.vehicles.copying.converting import COLUMNS, Converted, Converter
from remise.vehicles.copying.files import Block, RegisterFile
from remise.vehicles.copying.refused import Refused
from remise.vehicles.models import RegisterCopy
from remise.vehicles.register.keeping import SOURCE
from remise.vehicles.register.typical import (
    ROOM_TO_SORT,
    judge_values_of,
    learn_typical_values,
)
from remise.vehicles.values import Doubt

BATCH = 200_000  # lines: some two seconds, in which a look-up of one of these plates waits
AHEAD = 64  # blocks

SCOPE = Scope(ActorKind.SYSTEM)
_NAMES = ", ".join(COLUMNS)
_STAGE = (
    f"create temp table arriving on commit drop as select 0::bigint as line, plate, {_NAMES} from vehicles_vehicle"  # noqa: S608
    " with no data"
)
# Whether a value is like its model's is judged when all have come; the same one is judged as it was until then.
_DOUBT = f"""case when v.value_doubt = '{Doubt.UNLIKE_ITS_MODEL}' and excluded.value_doubt = ''
  and (v.catalogue_value, v.make, v.model) = (excluded.catalogue_value, excluded.make, excluded.model)
  then v.value_doubt else excluded.value_doubt end"""
_KEPT = ", ".join(_DOUBT if name == "value_doubt" else f"excluded.{name}" for name in COLUMNS)
_COPY = f"copy arriving (line, plate, {_NAMES}) from stdin"
# In the order of plates, as whoever else stores several: two never wait for each other in a ring. A plate that the
# file names twice is what its first line says.
_STORE = f"""
insert into vehicles_vehicle as v (plate, {_NAMES}, found, fuel, source, looked_up_at)
select distinct on (plate) plate, {_NAMES}, true, '', %s, %s from arriving order by plate, line
on conflict (plate) do update set
  ({_NAMES}, found, source, looked_up_at) = ({_KEPT}, true, excluded.source, excluded.looked_up_at)
where v.looked_up_at < excluded.looked_up_at"""  # noqa: S608

type Progress = Callable[[RegisterCopy, float], None]


@dataclass(frozen=True, slots=True)
class Told:
    """`was_taken`: the file had come in before, and nothing was done."""

    copy: RegisterCopy
    was_taken: bool = False


def copy_register(path: Path, *, published: datetime | None = None, progress: Progress) -> Told:
    """Take the file, or what is left of it. Its vehicles are so as of `published`, or of when the file was written.
    Raises UnreadableFile where it is not the register's, before anything is changed, and where it breaks off."""
    file = RegisterFile.at(path)
    converter = Converter(file.header, on=day_of(timezone.now()))
    copy = _begun(file, min(published or file.written_at, timezone.now()))
    if copy.ended_at is not None:
        return Told(copy, was_taken=True)
    blocks = (converter.convert(block) for block in _left(file, copy))
    with ExitStack() as stack:
        converted = stack.enter_context(ahead(blocks, most=AHEAD))
        refused = stack.enter_context(Refused(path))
        for first in converted:
            with enter(SCOPE):
                copy, share = _take_batch(copy, chain([first], converted), refused)
            progress(copy, share)
    return Told(_ended(copy))


def _begun(file: RegisterFile, published: datetime) -> RegisterCopy:
    with enter(SCOPE):
        copy, _is_new = RegisterCopy.objects.get_or_create(
            size=file.size,
            head=file.head,
            defaults={"published_at": published, "place": file.begins, "lines": 1},
        )
    return copy


def _left(file: RegisterFile, copy: RegisterCopy) -> Iterator[Block]:
    return file.blocks(place=copy.place, lines=copy.lines)


def _take_batch(before: RegisterCopy, blocks: Iterator[Converted], refused: Refused) -> tuple[RegisterCopy, float]:
    copy = RegisterCopy.objects.select_for_update().get(id=before.id)
    if copy.place != before.place:
        raise UnreadableFile(_("Another import of this file is at work."))
    refused.begin(copy.refused)
    taken, share = 0, 0.0
    with connection.cursor() as cursor:
        cursor.execute(ROOM_TO_SORT)
        cursor.execute(_STAGE)
        with cursor.copy(_COPY) as into:
            for converted in blocks:
                into.write(converted.text)
                refused.write(converted.refused)
                taken += converted.taken
                copy.refused += len(converted.refused)
                block = converted.block
                copy.lines, copy.place, share = block.number + block.lines.count(b"\n") - 1, block.ends, block.share
                if taken >= BATCH:
                    break
        cursor.execute(_STORE, [SOURCE, copy.published_at])
        copy.written += cursor.rowcount
    refused.flush()  # before the row says so
    copy.taken += taken
    copy.save()
    return copy, share


def _ended(copy: RegisterCopy) -> RegisterCopy:
    """Values of which the model's median was not known when they came are judged once all are there."""
    with enter(SCOPE):
        learn_typical_values()
        judge_values_of(copy.published_at, on=day_of(timezone.now()))
        copy.ended_at = timezone.now()
        copy.save(update_fields=["ended_at"])
    return copy
