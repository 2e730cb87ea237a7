"""An e-mail address that a mail server out in the world can be given (RFC 5321)."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from remise.core.identifiers.text import IdentifierError

LONGEST = 254  # RFC 5321, 4.5.3.1.3, without its brackets
# No address in brackets and no name of this machine: what is mailed goes out of the house.
_looks_right = EmailValidator(allowlist=[])


def mail_address(text: str) -> str:
    """`text` as an address. Refused is what Django takes and no mail can be sent to: a local part in other letters
    than ASCII, a domain that has no form in ASCII (RFC 5891), words that a mail program would decode (RFC 2047)."""
    address = text.strip()
    try:
        _looks_right(address)
        local, _at, domain = address.rpartition("@")
        local.encode("ascii")
        domain.encode("idna")
    except (ValidationError, UnicodeError):
        raise _wrong() from None
    invisible = any(unicodedata.category(char) in {"Cf", "Cc"} for char in address)
    if invisible or "=?" in local or domain.startswith("[") or len(address) > LONGEST:
        raise _wrong()
    return address


def _wrong() -> IdentifierError:
    return IdentifierError(_("This is no e-mail address. It looks like name@example.com."), code="address")
