"""Registering, changing and deregistering the vehicles of a file: looked through first, then done, by the same rules
as on the page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import DomainError, NotVisible
from remise.core.identifiers import Doubt
from remise.core.scope import Within
from remise.fleet import changing, ending, wanted
from remise.fleet.actions import (
    Changed,
    Deregistered,
    Registered,
    change_each,
    deregister_each,
    register_vehicles,
)
from remise.fleet.bulk import columns
from remise.fleet.bulk.reading import Reading, key_of
from remise.fleet.rights import FleetRight
from remise.policies.models import Policy
from remise.runs.kinds import Column, FileKind, Row, RowOutcome
from remise.runs.selectors import line_at, run_of
from remise.ui.formats import number, read_plate
from remise.vehicles.register.learning import learn

MOST = 100_000  # lines of a file, where the product says nothing

type Check[T] = Callable[[Actor, Policy, Sequence[T]], Iterable[DomainError | Doubt | None]]
type Do[T] = Callable[[Actor, Policy, Sequence[T], int], Iterable[Registered | Deregistered | Changed | DomainError]]
type Read[T] = Callable[[Reading, Row], T]
type Columns = Callable[[Reading, Actor], Sequence[Column]]


def _checked[T](
    read: Read[T], check: Check[T]
) -> Callable[[Actor, Sequence[Row]], Sequence[DomainError | Doubt | None]]:
    def each(by: Actor, rows: Sequence[Row]) -> Sequence[DomainError | Doubt | None]:
        here = Reading.of(by, rows[0].inputs)
        able, refused = _read(here, read, rows)
        return _in_place(refused, check(by, here.policy, able))

    return each


def _done[T](read: Read[T], do: Do[T]) -> Callable[[Actor, Sequence[Row]], Sequence[RowOutcome | DomainError]]:
    def each(by: Actor, rows: Sequence[Row]) -> Sequence[RowOutcome | DomainError]:
        here = Reading.of(by, rows[0].inputs)
        able, refused = _read(here, read, rows)
        verdicts = do(by, here.policy, able, rows[0].run)
        outcomes = (one if isinstance(one, DomainError) else RowOutcome(entry=one.entry.id) for one in verdicts)
        return _in_place(refused, outcomes)

    return each


def _read[T](here: Reading, read: Read[T], rows: Sequence[Row]) -> tuple[list[T], list[DomainError | None]]:
    """Those that could be read, and of each line why it could not be."""
    able: list[T] = []
    refused: list[DomainError | None] = []
    for row in rows:
        try:
            able.append(read(here, row))
        except DomainError as refusal:
            refused.append(refusal)
        else:
            refused.append(None)
    return able, refused


def _in_place[T](refused: Sequence[DomainError | None], verdicts: Iterable[T]) -> list[T | DomainError]:
    """Of each line its verdict, those that could not be read among them."""
    found = iter(verdicts)
    return [next(found) if refusal is None else refusal for refusal in refused]


def _learn(by: Actor, keys: Sequence[str], seconds: float, within: Within) -> None:
    learn(by, [plate for key in keys if (plate := read_plate(key))], seconds=seconds, within=within)


def _columns(asked: Columns) -> Callable[[Actor, Mapping[str, Any]], Sequence[Column]]:
    return lambda by, inputs: asked(Reading.of(by, inputs), by)


def _most(by: Actor, inputs: Mapping[str, Any]) -> int:
    return min(MOST, Reading.of(by, inputs).rules.most_in_file or MOST)


def _sent_at(deed: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda inputs: f"{reverse('fleet:several', args=[deed])}?{urlencode({'policy': inputs['policy']})}"


# Of whom is meant, of a branch, and of what is no plate: in the wrong column a name is typed there too.
REPEATING = frozenset(
    {"name_shared", "other_name", "number_unknown", "nobody", "branch"}
    | {"characters", "too_short", "too_long", "shape"}
)

_of_vehicles = partial(
    FileKind,
    icon="car",
    keys_are_plates=True,
    repeating=REPEATING,
    results="fleet:several_results",
    key=key_of,
    most=_most,
)


def _registered_alone(inputs: Mapping[str, Any], run: int, position: int) -> str:
    """What the line says is read there: names and chassis numbers stand in no address."""
    asked = {"policy": inputs["policy"], "run": run, "line": position}
    return f"{reverse('fleet:register')}?{urlencode(asked)}"


def said_by_line(by: Actor, run: int, position: int) -> dict[str, Any]:
    """Of a vehicle of a file that is now registered by itself, as the page begins with it. Raises what keeps `by`
    from that file, and NotVisible where it has no such line."""
    file = run_of(by, run)
    row = line_at(file, position)
    if file.kind != REGISTER.name or row is None:
        raise NotVisible(_("This line does not exist."))
    return Reading.of(by, file.inputs).for_the_page(Row(row.data, key=row.key, run=file.id, inputs=file.inputs))


REGISTER = _of_vehicles(
    name="fleet.register",
    sent_at=_sent_at("register"),
    label=gettext_lazy("Register vehicles"),
    right=FleetRight.REGISTER,
    columns=_columns(lambda here, by: columns.for_registering(here.rules, here.branches, clock.today(by))),
    check=_checked(Reading.wanted, wanted.check),
    together=_done(
        Reading.wanted,
        lambda by, policy, asked, run: register_vehicles(by=by, policy=policy, wanted=asked, run=run),
    ),
    confirm=lambda rows: (
        ngettext("Register %(rows)s vehicle", "Register %(rows)s vehicles", rows) % {"rows": number(rows)}
    ),
    learn=_learn,
    by_itself=_registered_alone,
)
DEREGISTER = _of_vehicles(
    name="fleet.deregister",
    sent_at=_sent_at("deregister"),
    label=gettext_lazy("Deregister vehicles"),
    right=FleetRight.DEREGISTER,
    columns=_columns(lambda here, by: columns.for_deregistering(here.rules, clock.today(by))),
    check=_checked(Reading.leaver, ending.check),
    together=_done(
        Reading.leaver,
        lambda by, policy, asked, run: deregister_each(by=by, policy=policy, leavers=asked, run=run),
    ),
    confirm=lambda rows: (
        ngettext("Deregister %(rows)s vehicle", "Deregister %(rows)s vehicles", rows) % {"rows": number(rows)}
    ),
    most=lambda _by, _inputs: MOST,  # several could always go at once
)
CHANGE = _of_vehicles(
    name="fleet.change",
    sent_at=_sent_at("change"),
    label=gettext_lazy("Change vehicles"),
    right=FleetRight.REGISTER,
    columns=_columns(lambda here, by: columns.for_changing(here.rules, here.branches, clock.today(by))),
    check=_checked(Reading.change, changing.check),
    together=_done(
        Reading.change,
        lambda by, policy, asked, run: change_each(by=by, policy=policy, changes=asked, run=run),
    ),
    confirm=lambda rows: (
        ngettext("Change %(rows)s vehicle", "Change %(rows)s vehicles", rows) % {"rows": number(rows)}
    ),
)
KINDS = {"register": REGISTER, "deregister": DEREGISTER, "change": CHANGE}
DEEDS = {kind.name: deed for deed, kind in KINDS.items()}
