from django import template

from remise.documents.models import PrintFile

register = template.Library()


@register.filter
def begins_with(file: PrintFile) -> int:
    """The place of the shipment from which a part of a batch was printed again."""
    return int(file.edition.removeprefix("from-") or 1)
