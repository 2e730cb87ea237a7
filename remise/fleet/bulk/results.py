"""What came of a file of vehicles, as a file: at once, or as a run of its own where it is large."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core.actor import Actor
from remise.core.errors import NotVisible
from remise.fleet.bulk.batches import batch_of
from remise.fleet.rights import FleetRight
from remise.runs.actions import begin_run
from remise.runs.kinds import ExportKind, Progress, from_file
from remise.runs.models import Run
from remise.runs.results import AT_ONCE, write_results


def results_of(by: Actor, number: int) -> Run:
    """Raises NotVisible for what is no file of vehicles, or has not ended."""
    run = batch_of(by, number)
    if not run.has_ended:
        raise NotVisible(_("This file does not exist."))
    return run


def results_now(by: Actor, run: Run, suffix: str) -> bytes | None:
    """None where it is too large to wait for."""
    if run.rows > AT_ONCE:
        return None
    file = BytesIO()
    for _written in _parts(by, run, suffix, file):
        pass
    return file.getvalue()


def begin_results(by: Actor, run: Run, suffix: str) -> Run:
    return begin_run(by=by, kind=RESULTS.name, inputs={"run": run.id, "format": suffix})


def _write(by: Actor, inputs: Mapping[str, Any], _at: datetime, file: BinaryIO) -> Iterator[Progress]:
    run = results_of(by, inputs["run"])
    for written in _parts(by, run, inputs["format"], file):
        yield Progress(written, run.rows)


def _parts(by: Actor, run: Run, suffix: str, file: BinaryIO) -> Iterator[int]:
    kind = from_file(run.kind)
    return write_results(file, run, kind, kind.columns(by, run.inputs), suffix)


def file_name(_by: Actor, inputs: Mapping[str, Any]) -> str:
    return f"{inputs['run']}.{inputs['format']}"


RESULTS = ExportKind(
    name="fleet.results",
    label=gettext_lazy("What came of each line"),
    right=FleetRight.VIEW,
    write=_write,
    file_name=file_name,
)
