"""What is learned from all vehicles at once."""

from django.utils.translation import gettext_lazy as _

from remise.core.actor import Actor
from remise.core.jobs import daily
from remise.core.scope import enter
from remise.vehicles.register.typical import learn_typical_values, learned_lately


@daily("vehicles.learn_values", label=_("Learn what models of vehicles mostly cost"))
def learn_values(by: Actor) -> None:
    """The register is the same for every portal: the first one learns for all."""
    with enter(by.scope):
        if not learned_lately():
            learn_typical_values()
