"""The policies of a company, and what each asks of a vehicle."""

from datetime import date

from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Router, Schema

from remise.core import clock
from remise.core.actor import Actor
from remise.core.schemas import Call, Day, Money, Words
from remise.policies.models import Policy
from remise.policies.rules import FieldKind, FieldRule, ProductRules
from remise.policies.selectors import policies_of, policy_of, rules_of
from remise.ui.formats import in_language

router = Router(tags=[_("policies")])


class Choice(Schema):
    value: str = Field(examples=["wa"])
    label: Words


class FieldAsked(Schema):
    """What this product asks for each vehicle, besides plate, check code and day: send it in `details`."""

    name: str = Field(examples=["driver"])
    kind: str = Field(
        description=_(
            "`choice`: one of `choices`. `party`: a name. `text`, `number`, `money` (41495.00), `yes_no`, `date`"
            " (2027-12-31)."
        ),
        examples=["party"],
    )
    label: Words
    required: bool
    choices: list[Choice]
    longest: int | None = Field(description=_("Of a text: so many characters at most."), examples=[None])
    least: Money | None = Field(description=_("Of a number or an amount."), examples=[None])
    most: Money | None = Field(examples=[None])


class PolicyShown(Schema):
    number: str = Field(examples=["40.123456"])
    product: Words = Field(examples=["Dealer stock"])
    starts: Day
    ends: Day | None = Field(description=_("The first day on which it is in force no more; null = open."))
    back_date_days: int = Field(
        description=_("So many days back one may register and deregister online."), examples=[28]
    )
    ahead_days: int = Field(description=_("So many days ahead."), examples=[31])
    last_day_covered: bool = Field(
        description=_("The day given at deregistering: true = the last day covered, false = the first without cover.")
    )
    fields: list[FieldAsked]
    premium_basis: str = Field(
        description=_("`measured`: what changes now counts in a later premium. `per_vehicle`: charged by the day."),
        examples=["measured"],
    )
    kinds: list[str] = Field(description=_("Kinds of vehicle as the register says them; empty: every kind."))
    other_kinds: str = Field(description=_("`refused`, or `asked`: send `sure`."), examples=["refused"])
    trade_plates: str = Field(description="never, also, only", examples=["never"])
    most_in_file: int | None = Field(description=_("So many vehicles in one call at most; null = no limit."))
    source: str


@router.get(
    "/policies",
    response=list[PolicyShown],
    url_name="policies",
    summary=_("List your policies"),
    description=_("The policies in force today, by number, each with what it asks."),
)
def policies(request: Call) -> list[dict[str, object]]:
    today = clock.today(request.actor)
    return [_shown(policy, today) for policy in policies_of(request.actor, on=today)]


@router.get(
    "/policies/{str:number}",
    response=PolicyShown,
    url_name="policy",
    summary=_("Look at one policy"),
    description=_("Also one that is in force no more."),
)
def policy(request: Call, number: str) -> dict[str, object]:
    by: Actor = request.actor
    return _shown(policy_of(by, number), clock.today(by))


def _shown(policy: Policy, today: date) -> dict[str, object]:
    rules: ProductRules = rules_of(policy, on=today)
    return {
        "number": policy.number,
        "product": policy.product.name,
        "starts": policy.starts,
        "ends": policy.ends,
        "back_date_days": rules.back_date_days,
        "ahead_days": rules.ahead_days,
        "last_day_covered": rules.last_day_covered,
        "fields": [_field(field) for field in rules.fields],
        "premium_basis": rules.premium_basis,
        "kinds": sorted(rules.kinds),
        "other_kinds": rules.other_kinds,
        "trade_plates": rules.trade_plates,
        "most_in_file": rules.most_in_file,
        "source": rules.source,
    }


def _field(field: FieldRule) -> dict[str, object]:
    return {
        "name": field.name,
        "kind": field.kind,
        "label": in_language(field.labels),
        "required": field.required,
        "choices": [{"value": value, "label": in_language(labels)} for value, labels in field.choices],
        "longest": field.longest if field.kind is FieldKind.TEXT else None,
        "least": field.least,
        "most": field.most,
    }
