from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.jobs import URGENT, daily, job
from remise.core.scope import enter
from remise.onboarding import retention
from remise.onboarding.actions import linking
from remise.organisations.rights import CustomerRight


@job(
    "onboarding.look_up",
    label=_("Look up for which company somebody asks"),
    rights=(CustomerRight.KEEP,),
    priority=URGENT,
)
def look_up(actor: Actor, *, request: int) -> None:
    linking.look_up(by=actor, request=request)


@daily("onboarding.expire", label=_("Close what nobody answered in time"))
def expire(actor: Actor) -> None:
    with enter(actor.scope):
        linking.expire(actor)


@daily("onboarding.forget", label=_("Let go of who asked to come in long ago"))
def forget(actor: Actor) -> None:
    retention.forget_old(actor)
