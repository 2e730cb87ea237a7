from dataclasses import dataclass
from typing import cast

from django import forms
from django.http import QueryDict

from remise.organisations.models import Branch
from remise.organisations.rights import Role


@dataclass(frozen=True, slots=True)
class Asked:
    """What a click on a cell asks for."""

    grants: bool
    membership: int
    right: str
    branch: int | None


class ChangeForm(forms.Form):
    """One cell of the matrix, as its button sends it: `grant:12:vehicles.view:7`; no branch = all branches."""

    change = forms.RegexField(r"^(grant|revoke):\d{1,18}:[a-z_.]{1,40}:\d{0,18}$")

    def clean_change(self) -> Asked:
        verb, membership, right, branch = self.cleaned_data["change"].split(":")
        return Asked(verb == "grant", int(membership), right, int(branch) if branch else None)


class AdministerForm(forms.Form):
    apart = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda said: said == "yes")


class RoleForm(forms.Form):
    """A set of rights to give at once, in all branches or in one."""

    role = forms.ChoiceField()
    branch = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)

    def __init__(self, data: QueryDict, *, roles: list[Role], branches: list[Branch]) -> None:
        super().__init__(data)
        cast("forms.ChoiceField", self.fields["role"]).choices = [(role.name, role.label) for role in roles]
        places = cast("forms.TypedChoiceField", self.fields["branch"])
        places.choices = [("", ""), *((branch.id, branch.name) for branch in branches)]


class SwitchForm(forms.Form):
    """One of one's own memberships, and perhaps a branch of its company: `12` or `12:5`."""

    to = forms.RegexField(r"^\d{1,18}(:\d{1,18})?$")

    def clean_to(self) -> tuple[int, int | None]:
        membership, _, branch = self.cleaned_data["to"].partition(":")
        return int(membership), int(branch) if branch else None
