from django import template

register = template.Library()


@register.filter
def fours(letters: str) -> str:
    """ "ABCDEFGH" as "ABCD EFGH": what is typed over is read in groups."""
    return " ".join(letters[i : i + 4] for i in range(0, len(letters), 4))
