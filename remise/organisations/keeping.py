"""The insurer's book of companies and branches: made, or brought up to date. Saying it twice is saying it once."""

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.core.identifiers import BranchNumber, IdentifierError, KvkNumber, mail_address, number_key
from remise.core.keeping import Kept, code, require_keeper, settle, words
from remise.organisations.models import Branch, Organisation
from remise.organisations.rights import CustomerRight


@transaction.atomic
def keep_organisation(
    *, by: Actor, kind: str, name: str, kvk: str | None = None, contact_email: str | None = None
) -> Kept:
    """A company as this insurer's customer, known by its KvK number or, where it has none, by its name. Whoever
    proves the mailbox of `contact_email` opens its first account; None leaves it as it is."""
    portal = require_keeper(by, CustomerRight.KEEP)
    name, number = words(name, field="name", longest=120), _kvk(kvk)
    if kind not in Organisation.Kind.values:
        message = _("This kind of company does not exist. There are: %(kinds)s.")
        raise BrokenRule(message % {"kinds": ", ".join(Organisation.Kind.values)}, code="kind", field="kind")
    if number is None and KvkNumber.fits(name):
        raise BrokenRule(_("A name of eight digits reads as a KvK number."), code="name_is_kvk", field="name")
    wanted = {"kind": kind, "name": name}
    if contact_email is not None:
        wanted["contact_email"] = _email(contact_email)
    known = _one(by, number, name)
    if known is None:
        made = Organisation.objects.create(portal_id=portal, kvk=number, **wanted)
        _record("organisation.added", by, made.id, ("organisation", made.id), {"kind": kind})
        return Kept.ADDED
    if known.kind != kind and Organisation.Kind.INSURER in (known.kind, kind):
        message = _(
            "A company never becomes the insurer, nor the insurer a company: its people would see all others."
        )
        raise BrokenRule(message, code="insurer_stays", field="kind")
    changed = settle(known, wanted)
    if not changed:
        return Kept.SAME
    _record("organisation.changed", by, known.id, ("organisation", known.id), {"fields": changed, "kind": kind})
    return Kept.CHANGED


@transaction.atomic
def keep_branch(
    *, by: Actor, organisation: int, name: str, establishment_number: str | None, relation_number: str | None
) -> Kept:
    """An establishment, known by the insurer's relation number or, where that is new, by its number in the trade
    register; the head office is the one without."""
    portal = require_keeper(by, CustomerRight.KEEP)
    wanted: dict[str, object] = {
        "name": words(name, field="name", longest=80),
        "establishment_number": _establishment(establishment_number),
        "relation_number": code(relation_number, field="relation_number", longest=20),
    }
    known = _branch(portal, organisation, wanted["relation_number"], wanted["establishment_number"])
    if known is None:
        made = Branch.objects.create(portal=portal, organisation=organisation, **wanted)
        _record("branch.added", by, organisation, ("branch", made.id), {})
        return Kept.ADDED
    changed = settle(known, wanted)
    if not changed:
        return Kept.SAME
    _record("branch.changed", by, organisation, ("branch", known.id), {"fields": changed})
    return Kept.CHANGED


def company_named(by: Actor, text: str) -> Organisation:
    """The company that a book means: by its KvK number, or by its name where it has none."""
    named = text.strip()
    found = _one(by, named if KvkNumber.fits(named) else None, named)
    if found is None:
        message = _("This insurer knows no such company. Write its KvK number, or its name where it has none.")
        raise BrokenRule(message, code="organisation_unknown", field="organisation")
    return found


def reference(organisation: Organisation) -> str:
    """How a book names it: what `company_named` finds it by."""
    return organisation.kvk or organisation.name


def _one(by: Actor, kvk: str | None, name: str) -> Organisation | None:
    here = Organisation.objects.filter(portal=by.portal, kvk=kvk).select_for_update(no_key=True)
    found = list((here if kvk else here.filter(name=name))[:2])
    if len(found) > 1:
        message = _("Several companies have this name and no KvK number: a book cannot tell which one is meant.")
        raise BrokenRule(message, code="organisation_ambiguous", field="organisation")
    return found[0] if found else None


def _branch(portal: int, organisation: int, relation: object, establishment: object) -> Branch | None:
    """The branch of this company that is meant, locked; raises where the two numbers name different ones."""
    here = Branch.objects.select_for_update(no_key=True)
    by_number = here.filter(organisation=organisation, establishment_number=establishment).first()
    if relation is None:
        return by_number
    by_relation = here.filter(portal=portal, relation_key=number_key(str(relation))).first()
    if by_relation is None:
        return by_number
    if by_relation.organisation != organisation:
        message = _("This relation number belongs to another company.")
        raise BrokenRule(message, code="relation_number_taken", field="relation_number")
    if by_number is not None and by_number != by_relation:
        message = _("This company has another branch with this establishment number, or another head office.")
        raise BrokenRule(message, code="establishment_number_taken", field="establishment_number")
    return by_relation


def _kvk(text: str | None) -> str | None:
    if not (text or "").strip():
        return None
    try:
        return KvkNumber.parse(text or "").value
    except IdentifierError as error:
        raise BrokenRule(str(error), code=error.code, field="kvk") from error


def _email(text: str) -> str:
    try:
        return mail_address(text) if text.strip() else ""
    except IdentifierError as error:
        raise BrokenRule(str(error), code="email", field="contact_email") from error


def _establishment(text: str | None) -> str | None:
    if not (text or "").strip():
        return None
    try:
        return BranchNumber.parse(text or "").value
    except IdentifierError as error:
        raise BrokenRule(str(error), code=error.code, field="establishment_number") from error


def _record(kind: str, by: Actor, organisation: int, subject: tuple[str, int], after: dict[str, object]) -> None:
    events.record(kind, by=by, organisation=organisation, subject=subject, after=after)
