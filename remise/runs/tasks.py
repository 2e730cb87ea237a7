from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.jobs import daily, stepwise
from remise.runs import checking, exports, retention, rows


@stepwise("runs.advance", label=_("Handle the lines of a file"))
def advance(actor: Actor, *, run: int, step: int) -> None:
    rows.advance(actor, run=run, step=step, job=advance)


@stepwise("runs.check", label=_("Look a file through"))
def check(actor: Actor, *, run: int, step: int) -> None:
    checking.produce(actor, run=run, step=step)


@stepwise("runs.export", label=_("Make a file to download"))
def export(actor: Actor, *, run: int, step: int) -> None:
    exports.produce(actor, run=run, step=step)


@daily("runs.forget", label=_("Let go of old files"))
def forget(actor: Actor) -> None:
    retention.forget_old(actor)
