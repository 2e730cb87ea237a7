"""A person puts right what is kept; the events name the field and never what stood in it."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remise.accounts.models import Person
from remise.core.errors import BrokenRule
from remise.core.models import Event
from remise.core.scope import enter
from remise.organisations.models import Membership
from remise.portals.models import Portal
from remise.privacy.actions.correcting import Particulars, correct_particulars
from tests import sessions, world
from tests.privacy.people import account_of
from tests.world import OWNER

FORM = {
    "given_name": "Sanne",
    "infix": "van",
    "surname": "Dam",
    "phone": "06 123 456 78",
    "display_name": "S. van Dam",
}


def stored(of: Membership) -> tuple[str, str, str]:
    person = Person.objects.using(OWNER).get(account=of.account_id)
    name = Membership.objects.using(OWNER).get(id=of.id).display_name
    return str(person), person.phone, name


def test_f209_own_particulars_and_the_name_for_colleagues_change() -> None:
    garage = world.garage()
    sanne = world.member(garage.organisation, rights=[])
    client = sessions.client_of(sanne, garage.portal)
    for _twice in range(2):
        assert client.post("/me/details", FORM).status_code == 302
    assert stored(sanne) == ("Sanne van Dam", "06 123 456 78", "S. van Dam")
    events = Event.objects.using(OWNER).filter(
        account=sanne.account_id, kind__in=("account.corrected", "membership.changed")
    )
    told = sorted(events.values_list("kind", "organisation"))
    assert told == [("account.corrected", None), ("membership.changed", garage.organisation.id)]
    for event in events:
        assert set(event.after or {}) == {"fields"}
        assert "Dam" not in str(event.after)


@pytest.mark.parametrize(
    ("field", "value"),
    [("surname", " "), ("phone", "bel mij"), ("given_name", "x" * 81), ("display_name", "a\u0085b")],
)
def test_mistake_stands_beside_its_field(field: str, value: str) -> None:
    garage = world.garage()
    sanne = world.member(garage.organisation, rights=[])
    before = stored(sanne)
    answer = sessions.client_of(sanne, garage.portal).post("/me/details", FORM | {field: value})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert stored(sanne) == before


def test_who_works_nowhere_corrects_the_own_row() -> None:
    at = world.portal()
    account = world.account()
    client = sessions.client_of(account, at)
    assert client.post("/me/details", FORM).status_code == 302
    assert str(Person.objects.using(OWNER).get(account=account)) == "Sanne van Dam"


@given(
    said=st.builds(
        Particulars,
        given_name=st.text(max_size=90),
        infix=st.text(max_size=25),
        surname=st.text(max_size=90),
        phone=st.just(""),
    )
)
def test_whatever_is_typed_is_stored_as_typed_or_refused_by_its_field(said: Particulars) -> None:
    who, at = somebody()
    by = account_of(who, at)
    with enter(by.scope):
        try:
            correct_particulars(by=by, said=said)
        except BrokenRule as refused:
            field = refused.field
        else:
            field = ""
    if field:
        assert field in {"given_name", "infix", "surname"}
        return
    person = Person.objects.using(OWNER).get(account=who.account_id)
    assert (person.given_name, person.infix, person.surname) == (
        said.given_name.strip(),
        said.infix.strip(),
        said.surname.strip(),
    )


@cache
def somebody() -> tuple[Membership, Portal]:
    """One for all that is typed."""
    garage = world.garage()
    return world.member(garage.organisation, rights=[]), garage.portal
