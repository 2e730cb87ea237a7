"""Speaking to the register: always between transactions, so that nothing is held while it takes its time."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.jobs import Lane, daily, stepwise
from remise.core.observe import fault
from remise.core.scope import enter
from remise.notices import retention
from remise.notices.actions import answering, batching
from remise.notices.actions.following import manners_of, settle_policy
from remise.notices.models import RegisterSettings
from remise.notices.register.chosen import register
from remise.notices.register.protocol import Answers, NotTakenError, Outgoing, StateRegister
from remise.notices.ways import is_answered, settings_of, under_way
from remise.policies.models import Policy

type Deferring = Callable[[int, int], None]

log = structlog.get_logger("remise.notices")

PATIENCE = 30.0  # seconds for a batch or a page of answers, well under the lease
MOST = 40  # batches, or pages of answers, in one job; another one goes on
ASK_AGAIN = 60  # seconds between two questions for answers that are still to come
LOOKED_BACK = timedelta(days=40)  # policies that ended: a daily look that was missed is made up for


@stepwise("notices.send", label=_("Send notices to the state register"), lane=Lane.LONG)
def send(by: Actor) -> None:
    """What waits, in batches. A worker killed between the register's yes and our own note sends the batch again under
    its key, and the register takes it once."""
    connected = register()
    if connected is None:
        return
    for _batch in range(MOST):
        with enter(by.scope):
            batch = batching.take_batch(by)
            out = batching.outgoing(by, batch) if batch else None
        if batch is None or out is None or not _sent(by, connected, batch.id, out):
            break
    else:
        with enter(by.scope):
            send.defer_after(1, by.in_portal)
    _come_back(by)


@stepwise("notices.fetch_answers", label=_("Fetch answers of the state register"), lane=Lane.LONG)
def fetch_answers(by: Actor) -> None:
    """All that it has said since; as long as something is not answered, once more after a while."""
    connected = register()
    if connected is None:
        return
    for _page in range(MOST):
        with enter(by.scope):
            settings = settings_of(by)
            asks = is_answered(by, settings.way)
        if not asks:
            return
        answers = _answers(by, connected, settings)
        if answers is None:
            break
        with enter(by.scope):
            if answering.take_answers(by, answers):
                send.defer_after(1, by.in_portal)  # what waited for these
        if not answers.verdicts or answers.after == settings.answers_after:
            break
    with enter(by.scope):
        if under_way(by).exists():
            _once(by, "answers", ASK_AGAIN, fetch_answers.defer_after)


@daily("notices.look_again", label=_("Look what has still to be told to the state register"))
def look_again(by: Actor) -> None:
    """Policies whose last day has come, and whatever was missed."""
    with enter(by.scope):
        today = clock.today(by)
        ended = Policy.objects.filter(portal=by.in_portal, ends__lte=today, ends__gt=today - LOOKED_BACK)
        numbers = list(ended.values_list("id", flat=True)) if manners_of(by) else []
    for number in numbers:
        with enter(by.scope):
            settle_policy(by, number)
    with enter(by.scope):
        send.defer(by.in_portal)
        fetch_answers.defer(by.in_portal)


@daily("notices.forget_words", label=_("Let go of what the state register said"))
def forget_words(by: Actor) -> None:
    retention.forget_words(by)


def _sent(by: Actor, connected: StateRegister, batch: int, out: Outgoing) -> bool:
    try:
        reference = connected.send(out, seconds=PATIENCE)
    except Exception as error:  # an adapter of others
        why, after = _silence(error)
        with enter(by.scope):
            batching.put_off(by, batch=batch, why=why, after=after)
        return False
    with enter(by.scope):
        batching.note_sent(by, batch=batch, reference=reference)
    return True


def _answers(by: Actor, connected: StateRegister, settings: RegisterSettings) -> Answers | None:
    try:
        return connected.answers(settings.insurer_code, settings.answers_after, seconds=PATIENCE)
    except Exception as error:  # an adapter of others
        why, _after = _silence(error)
        with enter(by.scope):
            answering.note_silence(by, why=why)
        return None


def _silence(error: Exception) -> tuple[str, float]:
    """Why, in a word, and for how long it wants to be left alone."""
    log.warning("state register did not answer", **fault(error))
    if isinstance(error, NotTakenError):
        return error.why, error.after
    return type(error).__name__, 0


def _come_back(by: Actor) -> None:
    with enter(by.scope):
        seconds = batching.next_turn(by)
        if seconds is not None:
            _once(by, "send", round(seconds), send.defer_after)
        fetch_answers.defer_after(1, by.in_portal)


def _once(by: Actor, what: str, seconds: int, defer_after: Deferring) -> None:
    """One job at a time says so: each of a thousand would bring another."""
    if cache.add(f"notices:{what}:{by.in_portal}", 1, timeout=max(1, seconds - 2)):
        defer_after(seconds, by.in_portal)
