from collections.abc import Sequence

from django import template

from remise.operations import words

register = template.Library()
register.simple_tag(words.ago)


@register.simple_tag
def join_words(sentences: Sequence[str]) -> str:
    return " · ".join(sentences)
