"""What strangers and askers fill in: exactly what the desk needs to find the company and to reach the person. Whether
a number is anybody's is no matter of a form."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from remise.accounts import person_fields
from remise.core.forms import IdentifierField, KvkNumberField
from remise.core.identifiers import IdentifierError, KvkNumber, mail_address
from remise.core.keeping import showable
from remise.onboarding import rules
from remise.onboarding.models import Application, LinkRequest
from remise.onboarding.rules import insurers_number
from remise.ui.forms import CardTicks, ChipSelect

LONGEST_MESSAGE = 1000
LONGEST_ANSWER = 1000
ADDRESS = _("E-mail address")


class NumberField(IdentifierField):
    parser = insurers_number


class InitialsField(IdentifierField):
    parser = rules.initials

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"autocomplete": "off", "size": "10"}


def _text(label: Any, needed: Any, longest: int, autocomplete: str, **more: Any) -> forms.CharField:  # noqa: ANN401
    return forms.CharField(
        label=label,
        max_length=longest,
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
        error_messages={"required": needed} if needed else {},
        required=bool(needed),
        **more,
    )


def _company() -> forms.CharField:
    return _text(_("Company name"), _("Fill in the name of your company."), 120, "organization")


def _your_name(longest: int) -> forms.CharField:
    return _text(_("Your name"), _("Fill in your name."), longest, "name")


def _initials() -> InitialsField:
    return InitialsField(label=_("Initials"), error_messages={"required": _("Fill in your initials.")})


def _email(label: Any = ADDRESS) -> forms.EmailField:  # noqa: ANN401
    return forms.EmailField(
        label=label,
        max_length=254,
        help_text=_("Your own address, not one that several people read."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Fill in the e-mail address."),
            "invalid": _("This is no e-mail address. Write it like name@company.nl."),
        },
    )


class ApplicationForm(forms.Form):
    """What all of them share. `key` makes a form that is sent twice one application."""

    kind: Application.Kind
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())

    def clean_email(self) -> str:
        """A mail will be sent there."""
        try:
            return mail_address(self.cleaned_data["email"])
        except IdentifierError as error:
            raise forms.ValidationError(str(error), code=error.code) from None

    def clean(self) -> dict[str, Any]:
        for name, value in self.cleaned_data.items():
            if isinstance(value, str) and not showable(value):
                self.add_error(name, forms.ValidationError(_("This holds characters that no screen shows.")))
        return self.cleaned_data

    @property
    def particulars(self) -> dict[str, str]:
        """What was typed, as it is kept."""
        return {
            name: getattr(value, "value", None) or str(value or "")
            for name, value in self.cleaned_data.items()
            if name != "key"
        }


class RegistrationForm(ApplicationForm):
    kind = Application.Kind.REGISTRATION
    company_name = _company()
    kvk = KvkNumberField(label=_("KvK number"), error_messages={"required": _("Fill in the KvK number.")})
    given_name = person_fields.given_name()
    infix = person_fields.infix()
    surname = person_fields.surname()
    email = _email()
    phone = person_fields.phone(_("Telephone number"))


class ContactForm(ApplicationForm):
    kind = Application.Kind.CONTACT
    surname = _your_name(80)
    company_name = _text(_("Company name"), "", 120, "organization")
    email = _email()
    phone = person_fields.phone(_("Telephone number"))
    message = forms.CharField(
        label=_("What is it about?"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say in a few words what it is about.")},
    )


class OfficeForm(ApplicationForm):
    """Row 35, in its order."""

    kind = Application.Kind.OFFICE
    intermediary_number = NumberField(
        label=_("Intermediary number"), error_messages={"required": _("Fill in the number.")}
    )
    company_name = _company()
    surname = person_fields.surname()
    given_name = person_fields.given_name()
    initials = _initials()
    infix = person_fields.infix()
    email = _email()
    phone = person_fields.phone()


class GarageForm(ApplicationForm):
    """Row 36, in its order."""

    kind = Application.Kind.GARAGE
    company_name = _company()
    policy_number = NumberField(label=_("Policy number"), error_messages={"required": _("Fill in the number.")})
    surname = person_fields.surname()
    given_name = person_fields.given_name()
    initials = _initials()
    infix = person_fields.infix()
    gender = forms.ChoiceField(
        label=_("Gender"),
        choices=Application.Gender.choices,
        widget=ChipSelect,
        error_messages={"required": _("Choose one; it may be the last.")},
    )
    email = _email(_("Business e-mail address"))
    phone = person_fields.phone(_("(Business) mobile number"))


FORMS: dict[str, type[ApplicationForm]] = {
    form.kind.value: form for form in (RegistrationForm, ContactForm, OfficeForm, GarageForm)
}


def _verified() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("How did you make sure?"),
        choices=rules.Verified.choices,
        widget=CardTicks,
        error_messages={"required": _("Tick how you made sure that this person may speak for the company.")},
    )


class ApproveForm(forms.Form):
    """The match, confirmed or chosen, and how the desk made sure."""

    company = forms.TypedChoiceField(
        label=_("Which company is this?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the company.")},
    )
    verified = _verified()

    def __init__(self, *args: Any, companies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["company"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = companies


class AdmitForm(forms.Form):
    """The new customer, as the desk writes it in the book."""

    name = _text(_("Company name"), _("Fill in the name of your company."), 120, "off")
    kvk = KvkNumberField(label=_("KvK number"), error_messages={"required": _("Fill in the KvK number.")})
    relation_number = NumberField(
        label=_("Relation number"),
        required=False,
        help_text=_("Of its head office. Without it the company cannot insure anything yet, and asks you for it."),
    )
    verified = _verified()


class AnswerForm(forms.Form):
    """Why not; or what was said."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The applicant reads this in a mail."),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Give the reason: the applicant reads it.")},
    )


class SaidForm(forms.Form):
    reason = forms.CharField(
        label=_("What was said?"),
        help_text=_("For your colleagues. The applicant gets no mail."),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write in a few words what was said.")},
    )


class VerifiedForm(forms.Form):
    """Of a request at the desk that makes somebody administrator."""

    verified = _verified()


class RelationNumberForm(forms.Form):
    relation_number = NumberField(label=_("Relation number"), error_messages={"required": _("Fill in the number.")})

    def clean_relation_number(self) -> str:
        return str(self.cleaned_data["relation_number"])


class LinkForm(forms.Form):
    """By one of two numbers; neither opens anything by itself."""

    by = forms.ChoiceField(
        label=_("How do you know the company?"),
        choices=LinkRequest.By.choices,
        initial=LinkRequest.By.KVK,
        widget=ChipSelect,
        error_messages={"required": _("Choose which number you type.")},
    )
    number = forms.CharField(
        label=_("Number"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Fill in the number.")},
    )
    name = _your_name(rules.LONGEST_NAME)
    had_account = forms.BooleanField(
        label=_("I had an account here before, and can no longer read its mail"), required=False
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if "by" in said and "number" in said:
            try:
                said["number"] = read_number(said["by"], said["number"])
            except IdentifierError as error:
                self.add_error("number", forms.ValidationError(str(error), code=error.code))
        return said


def read_number(by: str, text: str) -> str:
    return KvkNumber.parse(text).value if by == LinkRequest.By.KVK else insurers_number(text)


class LinkAnswerForm(forms.Form):
    """With which rights somebody begins, where, and whom of the old colleagues this is."""

    role = forms.ChoiceField()
    branch = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    replaces = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)

    def __init__(
        self, *args: Any, roles: list[str], branches: list[int], colleagues: list[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, first, choices in (
            ("role", "", ["", *roles]),
            ("branch", "", ["", *branches]),
            ("replaces", "", ["", *colleagues]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(value, value) for value in choices]
            field.initial = first
        self.fields["role"].required = False


class DeclineForm(forms.Form):
    reason = forms.CharField(max_length=300, required=False)
