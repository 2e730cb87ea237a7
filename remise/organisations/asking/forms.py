from django import forms
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _


class AskForm(forms.Form):
    """Which right, where, and in one line why."""

    right = forms.RegexField(r"^[a-z_.]{1,40}$")
    branch = forms.IntegerField(min_value=1, required=False)
    why = forms.CharField(max_length=300, required=False)
    page = forms.CharField(max_length=200, required=False)

    def clean_page(self) -> str:
        """A page of this portal, and nothing that somebody else's link could lead to."""
        page: str = self.cleaned_data["page"]
        is_own = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
        return page if is_own else ""


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not?"),
        max_length=300,
        required=False,
        help_text=_("Your colleague reads it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
