"""Looking keys up: one statement for all kinds, each a short walk along an index."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter

from remise.core.doors import rows
from remise.core.search.kinds import Found, SearchKind, Wanted

FEW_OF_MANY = 200  # things that one word leads to, of which the other words are looked for


class Where(StrEnum):
    """What the wall goes by, and so the index."""

    COMPANY = "organisation"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Ask:
    """A kind in one company or portal; `branches`: only things there (None = all)."""

    kind: SearchKind
    where: int
    branches: frozenset[int] | None = None


# Bounds instead of `^@`: the same walk along the index, by a plan that is made once and good for every text. The last
# character there is stands behind all that begins so; the first one behind the key alone.
FIND = """
select w.kind, f.subject, f.organisation, f.branch, f.key
from jsonb_to_recordset(%s) as w (kind text, owner bigint, begins text, below text, others text[], branches bigint[],
                                  looked integer, most integer)
cross join lateral (
  select d.* from (
    select k.kind, k.subject, k.organisation, k.branch, k.key from core_lookupkey k
    where k.{where} = w.owner and k.kind = w.kind and k.key >= w.begins and k.key < w.below
      and (w.branches is null or k.branch = any(w.branches))
    order by k.key limit w.looked) d
  where not exists (
    select from unnest(w.others) o (word)
    where not exists (
      -- By the thing, whose keys are few; `offset` keeps the planner from walking along all that begin with the word.
      select from (select s.key from core_lookupkey s where s.kind = d.kind and s.subject = d.subject offset 0) s
      where s.key >= o.word and s.key < o.word || chr(1114111)))
  order by d.key limit w.most) f
"""
LAST, FIRST = "\U0010ffff", "\x01"


def found(asks: Iterable[Ask], typed: str, *, where: Where, most: int) -> dict[str, list[Found]]:
    """By kind, what this text leads to within the scope: by all of a number before by its beginning. At most so many
    of a kind, each once; a name may lead to one thing twice, so that there may be fewer than there are."""
    wanted = [(ask, one) for ask in asks for one in ask.kind.read(typed)]
    if not wanted:
        return {}
    numbers = {(ask.kind.name, one.begins) for ask, one in wanted if one.names_one}
    things: dict[str, dict[int, Found]] = {}
    told = rows(FIND.format(where=where.value), json.dumps([_told(ask, one, most) for ask, one in wanted]))
    # By key, and so what is all of a number before what begins with it.
    for kind, subject, organisation, branch, key in sorted(told, key=itemgetter(4)):
        one = Found(subject, organisation, (kind, key) in numbers, branch)
        things.setdefault(kind, {}).setdefault(subject, one)
    return {kind: [*by_subject.values()][:most] for kind, by_subject in things.items()}


def _told(ask: Ask, wanted: Wanted, most: int) -> dict[str, object]:
    return {
        "kind": ask.kind.name,
        "owner": ask.where,
        "begins": wanted.begins,
        "below": wanted.begins + (FIRST if wanted.whole else LAST),
        "others": wanted.others,
        "branches": None if ask.branches is None else sorted(ask.branches),
        "looked": FEW_OF_MANY if wanted.others else 2 * most,
        "most": 2 * most,
    }
