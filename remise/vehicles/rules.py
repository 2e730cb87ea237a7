"""How what the register says is shown."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The register's own words (RDW open data), as its readers say them. What is not here is shown as it came.
KINDS: Mapping[str, Promise] = {
    "Personenauto": _("passenger car"),
    "Bedrijfsauto": _("van or lorry"),
    "Motorfiets": _("motorcycle"),
    "Motorfiets met zijspan": _("motorcycle with sidecar"),
    "Driewielig motorrijtuig": _("three-wheeler"),
    "Bromfiets": _("moped"),
    "Aanhangwagen": _("trailer"),
    "Autonome aanhangwagen": _("drawbar trailer"),
    "Middenasaanhangwagen": _("centre-axle trailer"),
    "Oplegger": _("semi-trailer"),
    "Bus": _("bus"),
    "Land- of bosbouwtrekker": _("farm or forestry tractor"),
    "Land- of bosb aanhw of getr uitr stuk": _("farm trailer or implement"),
    "Motorrijtuig met beperkte snelheid": _("slow motor vehicle"),
    "Mobiele machine": _("mobile machine"),
}
FUELS: Mapping[str, Promise] = {
    "Benzine": _("petrol"),
    "Diesel": _("diesel"),
    "Elektriciteit": _("electric"),
    "Hybride": _("hybrid"),
    "LPG": _("LPG"),
    "CNG": _("natural gas"),
    "Waterstof": _("hydrogen"),
    "Alcohol": _("ethanol"),
}
COLOURS: Mapping[str, Promise] = {
    "BEIGE": _("beige"),
    "BLAUW": _("blue"),
    "BRUIN": _("brown"),
    "CREME": _("cream"),
    "GEEL": _("yellow"),
    "GRIJS": _("grey"),
    "GROEN": _("green"),
    "ORANJE": _("orange"),
    "PAARS": _("purple"),
    "ROOD": _("red"),
    "ROSE": _("pink"),
    "WIT": _("white"),
    "ZWART": _("black"),
    "DIVERSEN": _("several colours"),
}


def in_words(text: str, words: Mapping[str, Promise]) -> str:
    return str(words.get(text, text.lower()))


def as_written(text: str) -> str:
    """The register shouts; people write Volkswagen Polo and Mercedes-Benz. Words with a digit and those of three
    letters or fewer (BMW, KIA, EV) stay."""
    return " ".join("-".join(map(_calm, word.split("-"))) for word in text.split())


def _calm(word: str) -> str:
    return word.capitalize() if len(word) > 3 and word.isalpha() else word
