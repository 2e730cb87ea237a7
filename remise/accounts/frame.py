"""What this room puts in the frame: who is signed in, and the way out."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from remise.accounts import models
from remise.core.registry import own_pages
from remise.ui.shell import Link, Person


def name_known(request: HttpRequest) -> str:
    """Of who is signed in. Colleagues know a member by the name in the company; before that there is only the
    person's own row, and nothing where that has no name yet."""
    membership = getattr(request, "membership", None)
    return str((membership and membership.name) or models.Person.name_of(request.user.pk or 0))


def person(request: HttpRequest) -> Person | None:
    account = getattr(request, "user", None)
    if account is None or not account.is_authenticated:
        return None
    name = name_known(request) or account.email
    membership = getattr(request, "membership", None)
    about_oneself = [
        Link(page.label, reverse(page.url_name), page.icon) for page in own_pages if membership or page.anybody
    ]
    links = [*about_oneself, Link(_("Sign-in and security"), reverse("mfa_index"), "shield-check")]
    return Person(name, "" if name == account.email else account.email, links, reverse("account_logout"))
