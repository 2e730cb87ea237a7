"""What a program was answered about somebody who was erased since: not told again, and not done again either."""

from django.utils.translation import gettext as _

from remise.api.models import IdempotencyKey
from remise.api.problems import problem
from remise.core.actor import Actor
from remise.core.models import Event
from remise.organisations.models import Party


def forget_answers(_by: Actor, event: Event) -> None:
    """Wherever a party is shown its number and kind stand before the rest of it."""
    assert event.organisation is not None  # whose party it was
    merged = Party.objects.filter(organisation=event.organisation, merged_into=event.subject)
    numbers = "|".join(str(number) for number in (event.subject, *merged.values_list("id", flat=True)))
    shown = rf'"id": ({numbers}), "kind": "(person|company)"'
    words = _("This was done. Its answer held particulars of somebody who was erased since.")
    instead = problem(422, "erased", words)
    IdempotencyKey.objects.filter(organisation=event.organisation, answer__regex=shown).update(
        status=instead.status_code, content_type=instead["Content-Type"], location="", answer=instead.content.decode()
    )
