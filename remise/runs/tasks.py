from remise.core.actor import Actor
from remise.core.jobs import stepwise
from remise.runs import exports, rows


@stepwise("runs.advance")
def advance(actor: Actor, *, run: int, step: int) -> None:
    rows.advance(actor, run=run, step=step)


@stepwise("runs.export")
def export(actor: Actor, *, run: int, step: int) -> None:
    exports.produce(actor, run=run, step=step)
