from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from remise.core.actor import Actor
from remise.core.doors import rows
from remise.core.errors import NotVisible
from remise.core.identifiers import number_key
from remise.core.scope import ActorKind
from remise.policies.models import Policy, ProductVersion
from remise.policies.rules import ProductRules


def days_held(policy: Policy) -> tuple[date, date | None]:
    """The first day of the policy and the first one without it, which nobody changes until this transaction ends."""
    ((starts, ends),) = rows("select starts, ends from policies_days_held(%s)", policy.id)
    return starts, ends


class MissingRulesError(LookupError):
    """A product has no version at all: a mistake in its data, not of the user."""


def policies_of(actor: Actor, *, on: date) -> list[Policy]:
    """The company's policies in force, in order of their number."""
    return list(
        Policy.objects.filter(organisation=actor.company).in_force(on=on).select_related("product").order_by("number")
    )


def policy_of(actor: Actor, number: str) -> Policy:
    """The company's policy with this number; raises NotVisible for any other."""
    found = (
        Policy.objects.filter(portal=actor.in_portal, organisation=actor.company, number_key=number_key(number))
        .select_related("product")
        .first()
    )
    if found is None:
        raise NotVisible(_("There is no such policy."))
    return found


@dataclass(frozen=True, slots=True)
class Adviser:
    """The intermediary of a policy, as its customer sees it: whom to call."""

    office: str
    contact: str
    phone: str
    email: str
    policies: tuple[str, ...]


def advisers(actor: Actor) -> list[Adviser]:
    """Those of the company's own policies, each with the policies that are theirs."""
    if actor.kind is not ActorKind.MEMBER:
        return []
    found: dict[tuple[str, str, str, str], list[str]] = {}
    told = rows("select policy_number, office_name, contact, phone, email from intermediaries_of_policies()")
    for number, office, contact, phone, email in told:
        found.setdefault((office, contact, phone, email), []).append(number)
    return [Adviser(*whom, tuple(numbers)) for whom, numbers in found.items()]


def adviser_of(actor: Actor, policy: Policy) -> Adviser | None:
    if policy.agent_id is None:
        return None
    return next((one for one in advisers(actor) if policy.number in one.policies), None)


def rules_of(policy: Policy, *, on: date) -> ProductRules:
    """The product's rules in force on that day; before its first version, those of that one. Read once for each
    policy that was read: what judges the form and what does the deed go by the same ones."""
    if on not in policy.rules_read:
        policy.rules_read[on] = _rules_on(policy, on)
    return policy.rules_read[on]


def read_rules(policies: Collection[Policy], *, on: date) -> None:
    """Of many at once: `rules_of` knows them then."""
    versions: dict[int, list[ProductVersion]] = defaultdict(list)
    products = {policy.product_id for policy in policies}
    for version in ProductVersion.objects.filter(product__any_of=products).order_by("starts"):
        versions[version.product_id].append(version)
    rules = {product: in_force(versions[product], on).rules for product in products}
    for policy in policies:
        policy.rules_read[on] = rules[policy.product_id]


def in_force(versions: Sequence[ProductVersion], day: date) -> ProductVersion:
    """Of versions in order of their first day the one that holds on that day; before the first one, that one."""
    if not versions:
        raise MissingRulesError
    begun = [version for version in versions if version.starts <= day]
    return begun[-1] if begun else versions[0]


def _rules_on(policy: Policy, on: date) -> ProductRules:
    versions = ProductVersion.objects.filter(product=policy.product_id)
    version = versions.filter(starts__lte=on).order_by("-starts").first() or versions.order_by("starts").first()
    if version is None:
        raise MissingRulesError(f"product {policy.product_id}")
    return version.rules


def holder_of(portal: int, number: str) -> int | None:
    """The company that has a policy with this number at this insurer, in force or not: for the insurer's people, and
    for the job that looks it up. Whose it is tells who may know, and no page tells a stranger whether it exists."""
    return (
        Policy.objects.filter(portal=portal, number_key=number_key(number))
        .values_list("organisation", flat=True)
        .first()
    )
