"""A right that is missing, as a program is told of it: which one, where, and who can grant it."""

from ninja import Field, Schema

from remise.core.rights import Right
from remise.organisations import selectors
from remise.organisations.requests import MemberRequest
from remise.organisations.rights import label_of


class Branch(Schema):
    id: int
    name: str


class Missing(Schema):
    """The right that is missing, and where."""

    right: str = Field(examples=["vehicles.register"])
    label: str = Field(examples=["Register vehicles"])
    branch: Branch | None = None


def missing(right: Right, branch: int | None, *, organisation: int) -> dict[str, object]:
    """As `Missing`; of a branch that is not this company's nothing is said."""
    places = {place.id: place.name for place in selectors.branches(organisation)}
    where = {"id": branch, "name": places[branch]} if branch in places else None
    return {"right": str(right), "label": str(label_of(right)), "branch": where}


def granters(request: MemberRequest, organisation: int) -> list[str]:
    """Who decides about rights in this company, or whom one asks where nobody does."""
    return selectors.administrators(organisation) or [request.portal.desk_name]
