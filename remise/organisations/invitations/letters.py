"""The mail that invites: the only place where the secret is written in full."""

from functools import partial

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.urls import reverse

from remise.organisations.invitations.actions import Tell
from remise.organisations.models import Invitation
from remise.organisations.requests import MemberRequest


def teller(request: MemberRequest) -> Tell:
    return partial(_tell, request)


def _tell(request: MemberRequest, invitation: Invitation, secret: str) -> None:
    own = request.membership
    assert own is not None
    send(request, invitation, company=own.company, inviter=own.name, secret=secret)


def send(
    request: HttpRequest,
    invitation: Invitation,
    *,
    company: str,
    inviter: str,
    secret: str,
    reference: str = "",
    is_new: bool = False,
) -> None:
    """`reference`: of what the invited person asked the insurer, who approved it; `is_new`: the company came in by
    it."""
    get_adapter(request).send_mail(
        "organisations/email/invitation",
        invitation.email,
        {
            "company": company,
            "inviter": inviter,
            "name": invitation.display_name,
            "expires": invitation.expires_at,
            "reference": reference,
            "is_new": is_new,
            "invitation_url": reverse("invitations:show", args=[secret]),
        },
    )
