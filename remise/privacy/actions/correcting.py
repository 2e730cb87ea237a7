"""A person puts right what is kept of them (Regulation (EU) 2016/679, art. 16). The events name the field alone."""

from dataclasses import dataclass

from django.db import transaction

from remise.accounts.models import Person
from remise.core import events
from remise.core.actor import Actor
from remise.core.keeping import settle, words
from remise.core.scope import ActorKind
from remise.organisations.models import Membership
from remise.organisations.moves import both_of, hold_account, locked_people, record
from remise.privacy.oneself import require_own


@dataclass(frozen=True, slots=True)
class Particulars:
    given_name: str
    infix: str
    surname: str
    phone: str


@transaction.atomic
def correct_particulars(*, by: Actor, said: Particulars) -> list[str]:
    """One's own row; the names of the fields that changed."""
    assert by.account is not None
    require_own(by, by.account)
    wanted = {
        "given_name": words(said.given_name, field="given_name", longest=80),
        "infix": said.infix.strip() and words(said.infix, field="infix", longest=20),
        "surname": words(said.surname, field="surname", longest=80),
        "phone": said.phone.strip(),
    }
    person = Person.objects.select_for_update().filter(account=by.account).first()
    if person is None:
        person, _made = Person.objects.get_or_create(account_id=by.account)
    changed = settle(person, wanted)
    if changed:
        events.record("account.corrected", by=by, subject=("account", by.account), after={"fields": changed})
    return changed


@transaction.atomic
def rename_oneself(*, by: Actor, name: str) -> bool:
    """How one's colleagues in the company of the scope see one; whether it changed. It is no right: one's name is
    one's own, and what one did goes by the account."""
    if by.kind not in {ActorKind.MEMBER, ActorKind.STAFF} or by.account is None:
        return False
    display_name = words(name, field="display_name", longest=160)
    hold_account(by.account)
    own = [one for one in both_of(locked_people(by.company), by.account) if one.state == Membership.State.ACTIVE]
    changed = False
    for one in own:
        fields = settle(one, {"display_name": display_name})
        if fields:
            record("membership.changed", by, one, after={"fields": fields})
            changed = True
    return changed
