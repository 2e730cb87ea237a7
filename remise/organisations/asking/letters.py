"""What is mailed about a request: to who can give the right, and the answer to who asked."""

from functools import partial

from allauth.account.adapter import get_adapter
from django.urls import reverse

from remise.organisations import selectors
from remise.organisations.asking.actions import Tell
from remise.organisations.models import AccessRequest
from remise.organisations.requests import MemberRequest
from remise.organisations.rights import label_of


def teller(request: MemberRequest) -> Tell:
    """To all who give rights here: who is first, answers."""
    return partial(_tell, request)


def _tell(request: MemberRequest, asked: AccessRequest) -> None:
    own = request.membership
    assert own is not None
    said = {
        "asker": own.name,
        "company": own.company,
        "right": label_of(asked.right),
        "why": asked.why,
        "inbox_url": reverse("access:inbox"),
    }
    for helper in selectors.helpers(asked.organisation):
        if helper.address:
            get_adapter(request).send_mail("organisations/email/access_asked", helper.address, said)
