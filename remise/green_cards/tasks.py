from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.jobs import daily
from remise.green_cards import retention


@daily("green_cards.forget_addresses", label=_("Let go of addresses of posted green cards"))
def forget_addresses(actor: Actor) -> None:
    retention.forget_addresses(actor)
