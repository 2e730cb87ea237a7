"""Cards asked for by plate, as a program sends them: what the page before the last click shows, plate by plate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.core.identifiers import IdentifierError, Plate
from remise.core.models import Item
from remise.fleet.models import RegistrationVersion
from remise.green_cards.access import require_asking
from remise.green_cards.actions import issue_green_cards
from remise.green_cards.forms import RequestForm, WishForm
from remise.green_cards.models import Shipment
from remise.green_cards.rules import Wish
from remise.green_cards.selectors.planning import Plan, plans, usual
from remise.policies.models import Policy
from remise.ui.forms import valid


@dataclass(frozen=True, slots=True)
class Asked:
    """A plate as it was sent, and the card that it would get, or why it gets none."""

    sent: str
    plan: Plan | None
    problem: BrokenRule | None


def asked(by: Actor, policy: Policy, sent: Sequence[str], wish: Wish) -> list[Asked]:
    """In the order in which they were sent, each plate once."""
    plates = {text: _read(text) for text in dict.fromkeys(sent)}
    wanted = {plate.value: text for text, plate in reversed(plates.items()) if isinstance(plate, Plate)}
    known = Item.objects.filter(
        organisation=policy.organisation, policy=policy.id, kind=RegistrationVersion.KIND, key__in=wanted
    )
    items = list(known.values_list("id", flat=True))
    found = plans(by, policy, items, today=clock.today(by), wish=wish) if items else []
    planned = {(plan.pulled_by or plan.plate).value: plan for plan in found}
    return [
        _asked(text, plate, planned, policy)
        for text, plate in plates.items()
        if not isinstance(plate, Plate) or wanted[plate.value] == text
    ]


def issue_for(
    *,
    by: Actor,
    policy: Policy,
    plates: Sequence[str],
    typed: Mapping[str, str],
    language: str,
    key: UUID,
) -> tuple[Shipment, list[Asked]]:
    """A card for each of these plates that can have one, and why the others get none; where none can, why not.
    `typed` is what the page's form asks; what is left out is as the page fills it in at first."""
    wish = valid(WishForm(dict(typed))).wish
    found = asked(by, policy, plates, wish)
    planned = [one.plan for one in found if one.plan is not None]
    for branch in {plan.branch for plan in planned}:
        require_asking(by, branch)
    possible = [plan.item for plan in planned if plan.problem is None]
    form = valid(RequestForm(usual(by, planned) | dict(typed), cards=len(possible)))
    if not possible:
        problems = [one.problem for one in found if one.problem is not None]
        words = " ".join(str(problem.message) for problem in problems)
        raise BrokenRule(words, code=problems[0].code, field="plates")
    shipment = issue_green_cards(
        by=by,
        policy=policy,
        items=possible,
        format=form.cleaned_data["format"],
        address=form.address,
        key=key,
        language=language,
        recipient=form.cleaned_data["recipient"],
        wish=wish,
    )
    return shipment, found


def _read(text: str) -> Plate | IdentifierError:
    try:
        return Plate.parse(text)
    except IdentifierError as error:
        return error


def _asked(text: str, plate: Plate | IdentifierError, planned: Mapping[str, Plan], policy: Policy) -> Asked:
    if isinstance(plate, IdentifierError):
        return Asked(text, None, BrokenRule(str(plate), code=plate.code))
    plan = planned.get(plate.value)
    if plan is None:
        said = {"plate": plate.formatted, "number": policy.number}
        problem = BrokenRule(_("%(plate)s is not on policy %(number)s.") % said, code="not_on_policy")
        return Asked(text, None, problem)
    return Asked(text, plan, plan.problem)
