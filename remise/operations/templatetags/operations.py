from collections.abc import Sequence
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from remise.operations.words import lasting

register = template.Library()


@register.simple_tag
def ago(moment: datetime) -> str:
    """In real time, as queues are kept: "4 minutes ago"."""
    return _("%(time)s ago") % {"time": lasting(timezone.now() - moment)}


@register.simple_tag
def join_words(sentences: Sequence[str]) -> str:
    return " · ".join(sentences)
