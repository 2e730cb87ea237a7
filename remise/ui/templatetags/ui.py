"""The components as template tags: `{% load ui %}`."""

from __future__ import annotations

from django import template

from remise.ui.components import blocks, buttons, forms, lists, marks, portal, words

register = template.Library()
for part in (blocks, buttons, forms, lists, marks, portal, words):
    register.tags |= part.register.tags
    register.filters |= part.register.filters
