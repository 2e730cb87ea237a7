"""Words for people: in the language of the page now, or only once they are shown."""

from django.utils.functional import Promise
from django.utils.translation import get_language

type Text = str | Promise


def language_now() -> str:
    """The language that is switched on, by its two letters; where none is, English, in which texts are written."""
    return (get_language() or "en")[:2]
