"""Words for people: in the language of the page now, or only once they are shown."""

from django.utils.functional import Promise

type Text = str | Promise
