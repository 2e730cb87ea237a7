"""What can be asked of the desk: rooms above add their kinds at start-up (`kinds.add`). All share one queue."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q

from remise.core.actor import Actor
from remise.core.registry import Registry
from remise.core.rights import Right, StaffRight
from remise.core.words import Text
from remise.desk.models import ABOUT
from remise.desk.rules import Due


@dataclass(frozen=True, slots=True)
class Place:
    """What a request is about, and the branch it belongs to; None = the whole company."""

    subject: tuple[str, int]
    branch: int | None


@dataclass(frozen=True, slots=True)
class Fact:
    label: Text
    value: object


@dataclass(frozen=True, slots=True)
class RuleMet:
    """What stood in the customer's way: the rule in words, with its limit and the day, and where it comes from."""

    words: str
    source: str
    limit: str = ""  # "28 days": to say it in an answer


@dataclass(frozen=True, slots=True)
class Decision:
    """What the desk decides on: the company, what was asked, and what the employee filled in besides."""

    organisation: int
    data: Any  # of the kind's schema
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestKind:
    """A question to the desk. One of `rights` is the customer's, to ask it and to see it; where none are named, each
    colleague may ask it and sees the own ones. `lifts` is the employee's, to accept.

    `place` looks, as who asks, whether there is anything to ask: it raises the refusal, worded for the user. `accept`
    runs the action that the customer would have run, as the deciding employee; its refusal is shown to that employee
    and the request stays open. It gives the number of the entry that was made, or None. `title` is pure: a list of
    fifty asks for fifty. `facts` may look things up, as whoever reads; so may `rule_met`, which is given the day on
    which it was asked. By `plate` and `found_by` the desk finds it, and by the words of its label and title: `titled`
    says which requests have such a title, where that is words. `day` is the one that was asked for.
    """

    name: str  # stored: it must stay as it is
    label: Text
    icon: str
    rights: tuple[Right, ...]
    lifts: StaffRight | None
    schema: type
    due: Sequence[Due]
    place: Callable[[Actor, Any], Place]
    accept: Callable[[Actor, Decision], int | None]
    title: Callable[[Any], str]
    facts: Callable[[Actor, int, Any], Sequence[Fact]]
    rule_met: Callable[[int, Any, date], RuleMet | None] = lambda _organisation, _data, _on: None
    plate: Callable[[Any], str] = lambda _data: ""
    found_by: Callable[[Any], str] = lambda _data: ""
    titled: Callable[[str], Q] = lambda _text: Q(pk__in=())
    day: Callable[[Any], date | None] = lambda _data: None
    by_system: bool = False  # not asked by the customer, who can answer it and not withdraw it
    is_internal: bool = False  # and not shown either, until the desk has written
    customer_label: Text = ""  # what the customer reads, where that is another word than the desk's
    customer_name: str = ""  # and a customer's program, where the name says more than the company is to know
    accept_label: Text = ""
    refuse_label: Text = ""
    outcomes: Mapping[str, Text] = field(default_factory=dict)  # what a state is called, where not as usual
    answer: type[forms.Form] | None = None  # what the employee fills in to accept
    proposed: Callable[[Any], Mapping[str, Any]] = lambda _data: {}  # what stands in it at first
    page: Callable[[int], str] | None = None  # the customer's page of the subject
    receipt: Callable[[int], str] | None = None  # the customer's page of the entry

    def about(self, data: Any) -> str:  # noqa: ANN401
        """The words by which the desk finds a request."""
        words = (self.plate(data), self.found_by(data))
        return " ".join(word for word in words if word).upper()[:ABOUT]

    def named(self, *, is_staff: bool) -> Text:
        return self.label if is_staff or not self.customer_label else self.customer_label

    @property
    def outward(self) -> str:
        return self.customer_name or self.name

    def called(self, state: str, usual: Text) -> Text:
        """A state in the words of this kind."""
        return self.outcomes.get(state, usual)


kinds: Registry[RequestKind] = Registry(lambda kind: kind.name)


class RightsToAsk:
    """Those of every kind, also of the kinds that are still to be added."""

    def __iter__(self) -> Iterator[str]:
        return (right for kind in kinds for right in kind.rights)
