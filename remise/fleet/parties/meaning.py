"""Whom the fields of many rows mean, read together."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.core.kinds import ActorKind
from remise.core.words import Text
from remise.fleet.parties.seeing import parties_seen
from remise.fleet.rights import FleetRight
from remise.organisations import parties
from remise.organisations.access import visible_branches
from remise.organisations.naming import OtherName, SharedName, Somebody, told_apart
from remise.policies.models import Policy

type Typed = Mapping[str, str]  # field -> what stands in it
type Parties = Mapping[str, Somebody]


class People:
    def __init__(self, by: Actor, policy: Policy, typed: Iterable[Typed]) -> None:
        self._by = by
        texts = {text: None for one in typed for text in one.values()}
        self._meant = parties.named(list(texts), organisation=policy.organisation).meant
        self._seen = self._of_those_seen()

    def of(self, typed: Typed) -> dict[str, Somebody]:
        """Raises BrokenRule beside the field."""
        found = {}
        for name, text in typed.items():
            one = self._meant[text]
            if isinstance(one, BrokenRule):
                raise BrokenRule(self._worded(one), code=one.code, field=name)
            found[name] = one
        return found

    def _worded(self, refusal: BrokenRule) -> Text:
        """With the names and numbers of those alone whom this actor sees."""
        if self._seen is None:
            return refusal.message
        if isinstance(refusal, OtherName):
            if refusal.meant.id in self._seen:
                return refusal.message
            told = _("%(number)s is the number of somebody else. Write the name or the number.")
            return told % {"number": refusal.reference}
        if not isinstance(refusal, SharedName):
            return refusal.message
        seen = [one for one in refusal.meant if one.id is None or one.id in self._seen]
        return told_apart(refusal.name, seen)

    def _of_those_seen(self) -> set[int] | None:
        """None = everybody."""
        named = [one for one in self._meant.values() if isinstance(one, SharedName | OtherName)]
        whole = self._by.kind is not ActorKind.MEMBER or visible_branches(self._by, FleetRight.VIEW) is None
        if not named or whole:
            return None
        meant = (one for name in named for one in (name.meant if isinstance(name, SharedName) else [name.meant]))
        asked = {one.id for one in meant if one.id is not None}
        return set(parties_seen(self._by).filter(id__in=asked).values_list("id", flat=True))


def keep(planned: Iterable[Parties], *, by: Actor, policy: Policy) -> None:
    """Whom nobody knew gets a row."""
    fresh = {id(one): one for found in planned for one in found.values() if one.id is None}
    parties.keep(fresh.values(), by=by, portal=policy.portal, organisation=policy.organisation)


def numbers(found: Parties) -> dict[str, int]:
    """Field -> number, once each has a row."""
    return {field: one.id for field, one in found.items() if one.id is not None}
