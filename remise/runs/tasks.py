from remise.core.actor import Actor
from remise.core.jobs import daily, stepwise
from remise.runs import exports, retention, rows


@stepwise("runs.advance")
def advance(actor: Actor, *, run: int, step: int) -> None:
    rows.advance(actor, run=run, step=step, job=advance)


@stepwise("runs.export")
def export(actor: Actor, *, run: int, step: int) -> None:
    exports.produce(actor, run=run, step=step)


@daily("runs.forget")
def forget(actor: Actor) -> None:
    retention.forget_old(actor)
