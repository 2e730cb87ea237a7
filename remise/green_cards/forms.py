from collections.abc import Sequence
from typing import Any

from babel import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from remise.core.errors import BrokenRule
from remise.core.identifiers import IdentifierError, Plate, mail_address
from remise.green_cards.actions.voiding import BY_HAND
from remise.green_cards.addresses import FIELDS, Address
from remise.green_cards.mailing import require_fits
from remise.green_cards.models import Shipment
from remise.green_cards.rules import Delivery, Wish
from remise.ui.forms import CardSelect, PlateInput

# Where customers of a Dutch insurer have their post delivered; another country is a matter for the desk.
POSTED_TO = ("NL", "BE", "DE", "LU", "FR")


class WishForm(forms.Form):
    """What more is asked for: read before it is known what the cards will be."""

    with_trailer = forms.BooleanField(
        label=_("A trailer or caravan lighter than 750 kg goes along"),
        required=False,
        help_text=_("Without a plate of its own. The card then says “and trailer/caravan”."),
    )
    trailer = forms.CharField(label=_("Plate of the trailer"), required=False, max_length=11, widget=PlateInput())
    until = forms.DateField(label=_("No card after"), required=False)

    def clean_trailer(self) -> Plate | None:
        given = self.cleaned_data["trailer"].strip()
        try:
            return Plate.parse(given) if given else None
        except IdentifierError as error:
            raise forms.ValidationError(str(error), code=error.code) from None

    @property
    def wish(self) -> Wish:
        said = self.cleaned_data
        return Wish(said["with_trailer"], said["trailer"], said["until"])


AS_THE_PRODUCT_SAYS = "product"


class DeliveryForm(forms.Form):
    """How the cards that come by themselves reach the company."""

    delivery = forms.ChoiceField(
        label=_("How do you want them?"),
        choices=[
            (AS_THE_PRODUCT_SAYS, _("As each policy says|Its rules tell how.")),
            (Delivery.LIST, _("In the list|As a PDF under Green cards, and nothing else.")),
            (Delivery.MAIL, _("By mail|The PDF is also mailed to your company's address.")),
            (Delivery.POST, _("By post|Also on paper, to the address of the branch.")),
        ],
        widget=CardSelect(),
    )
    language = forms.ChoiceField(label=_("Language of the cards' second page"))

    def __init__(self, *args: Any, languages: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields["language"]
        assert isinstance(offered, forms.ChoiceField)
        offered.choices = list(languages)

    def clean_delivery(self) -> Delivery | None:
        given = self.cleaned_data["delivery"]
        return None if given == AS_THE_PRODUCT_SAYS else Delivery(given)


class AddressForm(forms.Form):
    """Where cards go by post."""

    addressee = forms.CharField(
        label=_("Name"), max_length=120, error_messages={"required": _("Fill in to whom the cards go.")}
    )
    street = forms.CharField(
        label=_("Street and number"),
        max_length=120,
        error_messages={"required": _("Fill in the street and number.")},
    )
    postcode = forms.CharField(label=_("Postcode"), max_length=10, error_messages={"required": _("Fill it in.")})
    town = forms.CharField(label=_("Town"), max_length=80, error_messages={"required": _("Fill in the town.")})
    country = forms.ChoiceField(label=_("Country"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Locale.parse(get_language() or "nl").territories
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = [(code, names[code]) for code in POSTED_TO]

    @property
    def address_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in FIELDS]

    @property
    def address(self) -> Address:
        given = {name: self.cleaned_data.get(name, "") for name in FIELDS}
        return Address(**(given | {"country": given["country"] or POSTED_TO[0]}))


class AgainForm(AddressForm):
    """Where cards of a letter that came back go; `key`: pressed twice it is one shipment."""

    key = forms.UUIDField(widget=forms.HiddenInput())


class RequestForm(WishForm, AddressForm):
    """How the cards come, and where to. Shape only: the action judges."""

    format = forms.ChoiceField(
        label=_("How do you want them?"),
        choices=[
            (Shipment.Format.PDF, _("As PDF|At once: on your telephone, or print it yourself. White paper will do.")),
            (
                Shipment.Format.PAPER,
                _("On paper, by post|To the address below, all in one envelope. And the PDF at once."),
            ),
        ],
        widget=CardSelect(),
        initial=Shipment.Format.PDF,
    )
    recipient = forms.CharField(
        label=_("Mail them to"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
        help_text=_("One mail at once, with each card as a PDF."),
    )

    def __init__(self, *args: Any, cards: int = 0, **kwargs: Any) -> None:
        """`cards`: so many will be made."""
        super().__init__(*args, **kwargs)
        self.cards = cards
        if self.is_bound and self.data.get("format") != Shipment.Format.PAPER:
            for name in FIELDS:  # kept for who goes back and chooses paper
                self.fields[name].required = False

    def clean_recipient(self) -> str:
        given: str = self.cleaned_data["recipient"].strip()
        if not given:
            return ""
        try:
            require_fits(self.cards)
            return mail_address(given)
        except (BrokenRule, IdentifierError) as error:
            raise forms.ValidationError(str(error), code=error.code) from None

    @property
    def wants_address(self) -> bool:
        """Is there something to say about the address: is it missing, or wrong?"""
        return any(self[name].errors for name in FIELDS)


class VoidForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=[(reason.value, reason.label) for reason in BY_HAND],
        widget=forms.RadioSelect(),
        error_messages={"required": _("Choose why the card is void.")},
    )
