"""What a company asks of the insurer's desk before it can work: an administrator where there is none, and the
relation number of a branch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core.actor import Actor
from remise.core.errors import BrokenRule, NotVisible
from remise.desk.kinds import Decision, Fact, Place, RequestKind, RuleMet
from remise.onboarding.forms import RelationNumberForm, VerifiedForm
from remise.onboarding.rules import CHECK_DUE, CONTACT_DUE, require_verified
from remise.organisations import appointing, relation_numbers
from remise.organisations.models import Branch, Membership
from remise.organisations.names import shown
from remise.organisations.rights import IntakeRight


@dataclass(frozen=True, slots=True)
class AskedAdministrator:
    membership: int  # who asks, for oneself


@dataclass(frozen=True, slots=True)
class AskedNumber:
    branch: int
    name: str


def _place_administrator(by: Actor, data: AskedAdministrator) -> Place:
    if by.membership is None or by.membership != data.membership:
        raise NotVisible(_("Only a colleague can ask this."))
    if appointing.has_administrator(by.company):
        raise BrokenRule(
            _("Somebody in your company decides about rights. Ask that colleague."), code="has_administrator"
        )
    return Place(("membership", data.membership), None)


def _appoint(by: Actor, decided: Decision) -> None:
    if appointing.has_administrator(decided.organisation):
        message = _("This company has an administrator meanwhile. Refuse, and say who it is.")
        raise BrokenRule(message, code="has_administrator")
    verified = decided.answer.get("verified", [])
    require_verified(verified)
    appointing.make_administrator(
        by=by, organisation=decided.organisation, membership=decided.data.membership, verified=verified
    )


def _administrator_facts(_by: Actor, organisation: int, data: AskedAdministrator) -> Sequence[Fact]:
    people = Membership.objects.filter(organisation=organisation, state=Membership.State.ACTIVE)
    who = people.filter(id=data.membership).first()
    return [
        Fact(gettext_lazy("Who would be administrator"), shown(who.display_name) if who else _("left the company")),
        Fact(gettext_lazy("Colleagues in this company"), people.count()),
    ]


def _no_administrator(_organisation: int, _data: AskedAdministrator, _on: date) -> RuleMet:
    return RuleMet(
        _("Nobody in the company decides about rights, so that nobody there can give any."),
        _("Sign-in policy of the portal: the insurer appoints who decides, after a check of who it is"),
    )


def _place_number(by: Actor, data: AskedNumber) -> Place:
    here = relation_numbers.place_of(by, data.branch)
    if here is None or here.id != data.branch:
        raise NotVisible(_("You do not work in this branch."))
    if here.relation_number is not None:
        raise BrokenRule(_("This branch has its relation number."), code="relation_number_known")
    return Place(("branch", here.id), here.id)


def _link_number(by: Actor, decided: Decision) -> None:
    relation_numbers.link_relation_number(
        by=by,
        organisation=decided.organisation,
        branch=decided.data.branch,
        number=decided.answer.get("relation_number", ""),
    )


def _number_facts(_by: Actor, organisation: int, data: AskedNumber) -> Sequence[Fact]:
    branch = Branch.objects.filter(organisation=organisation, id=data.branch).first()
    if branch is None:
        return [Fact(gettext_lazy("Branch"), data.name)]
    address = ", ".join(part for part in (branch.street, f"{branch.postcode} {branch.town}".strip()) if part)
    number = branch.establishment_number or _("Head office")
    return [
        Fact(gettext_lazy("Branch"), branch.name),
        Fact(gettext_lazy("Establishment number"), number),
        Fact(gettext_lazy("Address"), address),
    ]


def _no_number(_organisation: int, _data: AskedNumber, _on: date) -> RuleMet:
    return RuleMet(
        _("Work in a branch begins once its relation number is linked."),
        _("Policy of this portal for branches"),
    )


ADMINISTRATOR = RequestKind(
    name="administrator",
    label=gettext_lazy("Make me administrator"),
    accept_label=gettext_lazy("Make administrator"),
    icon="user",
    rights=(),
    lifts=IntakeRight.HANDLE,
    schema=AskedAdministrator,
    due=CHECK_DUE,
    place=_place_administrator,
    accept=_appoint,
    title=lambda _data: "",
    facts=_administrator_facts,
    rule_met=_no_administrator,
    answer=VerifiedForm,
)
RELATION_NUMBER = RequestKind(
    name="relation_number",
    label=gettext_lazy("Link a relation number"),
    accept_label=gettext_lazy("Link this number"),
    icon="building-store",
    rights=(),
    lifts=IntakeRight.HANDLE,
    schema=AskedNumber,
    due=CONTACT_DUE,
    place=_place_number,
    accept=_link_number,
    title=lambda data: data.name,
    found_by=lambda data: data.name,
    facts=_number_facts,
    rule_met=_no_number,
    answer=RelationNumberForm,
)
