from django import template
from django.template.context import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString

from remise.core.rights import RightLabel
from remise.organisations.requests import FOR_COMPANY, made_for
from remise.organisations.rights import comes_with

register = template.Library()


@register.filter
def together(entry: RightLabel) -> str:
    """What a click on this right gives besides. "" = nothing."""
    return comes_with(entry)


@register.simple_tag(takes_context=True)
def for_company(context: RequestContext) -> SafeString:
    """Stands in every form that changes something of a company: what was begun for one is never done to another
    that was chosen in a second tab."""
    return format_html('<input type="hidden" name="{}" value="{}">', FOR_COMPANY, made_for(context["request"].actor))
