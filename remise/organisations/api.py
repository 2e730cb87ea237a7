"""Who a program is here, and where it works."""

from datetime import date, datetime

from django.utils.translation import gettext_noop as _  # said in the reader's language by api.description
from ninja import Field, Router, Schema

from remise.core.schemas import Call, Words
from remise.organisations import selectors
from remise.organisations.models import ApiToken, Organisation
from remise.organisations.rights import label_of

router = Router(tags=[_("company")])


class HeldRight(Schema):
    right: str = Field(description=_("Stable, for programs."), examples=["vehicles.register"])
    label: Words = Field(examples=["Register vehicles"])
    branch: int | None = Field(description=_("The branch in which it holds; null = in all of them."))


class Key(Schema):
    id: int
    name: str = Field(examples=["Dealer system"])
    prefix: str = Field(description=_("How the key begins."), examples=["rms_Ab3dEf"])
    expires_at: datetime
    last_used_on: date | None


class Me(Schema):
    """The company, the key, and what it opens at this moment."""

    company: str = Field(examples=["Garage De Brug"])
    kvk: str | None = Field(description=_("Number in the trade register."), examples=["12345678"])
    made_by: str = Field(description=_("In whose name the key works."), examples=["Sanne de Wit"])
    key: Key
    rights: list[HeldRight]


class BranchShown(Schema):
    id: int
    name: str = Field(examples=["Zwolle"])
    establishment_number: str | None = Field(description=_("In the trade register; null = the head office."))


@router.get(
    "/me",
    response=Me,
    url_name="me",
    summary=_("Who am I?"),
    description=_(
        "The company you work for, your key, and the rights it has now: those that were given to it"
        " and that its maker still holds."
    ),
)
def me(request: Call) -> dict[str, object]:
    by = request.actor
    company = Organisation.objects.get(id=by.company)
    key = ApiToken.objects.select_related("membership").get(id=by.token or 0, organisation=by.company)
    held = sorted(by.grants, key=lambda grant: (grant[0], grant[1] or 0))
    return {
        "company": company.name,
        "kvk": company.kvk,
        "made_by": key.membership.display_name,
        "key": key,
        "rights": [{"right": right, "label": label_of(right), "branch": branch} for right, branch in held],
    }


@router.get(
    "/branches",
    response=list[BranchShown],
    url_name="branches",
    summary=_("List your branches"),
    description=_("The branches in which this key has a right. Registering asks for the `id` of one."),
)
def branches(request: Call) -> list[object]:
    return list(selectors.workplaces(request.actor))
