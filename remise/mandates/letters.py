"""The mail that offers a mandate: the only place where its secret is written in full."""

from functools import partial

from allauth.account.adapter import get_adapter
from django.urls import reverse

from remise.mandates.actions.giving import Tell
from remise.mandates.models import Mandate
from remise.mandates.rules import last_day_of
from remise.organisations.requests import MemberRequest
from remise.organisations.rights import labels_of


def teller(request: MemberRequest) -> Tell:
    return partial(_tell, request)


def _tell(request: MemberRequest, mandate: Mandate, secret: str) -> None:
    own = request.membership
    assert own is not None
    get_adapter(request).send_mail(
        "mandates/email/offer",
        mandate.addressed_to,
        {
            "company": own.company,
            "giver": own.name,
            "purpose": mandate.purpose,
            "rights": labels_of(mandate.rights),
            "last_day": last_day_of(mandate.ends),
            "expires": mandate.expires_at,
            "offer_url": reverse("mandates:mailed", args=[secret]),
        },
    )
