"""Addresses that a mail can be sent to, and those that only look so."""

import pytest
from django.core.mail import EmailMessage
from hypothesis import given
from hypothesis import strategies as st

from remise.core.identifiers import IdentifierError, mail_address


@pytest.mark.parametrize("text", ["jan@example.com", " Jan.de-Boer+auto@mail.example.nl ", "info@bücher.example"])
def test_address_is_taken_as_typed(text: str) -> None:
    assert mail_address(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        *("", "jan", "jan@", "@example.com", "jan@example", "jan@localhost", "jan@[127.0.0.1]", "jan@example..com"),
        *(
            "a@xn--ü.com",
            "a@" + 60 * "ü" + ".example",
            "jän@example.com",
            "a@exa\u00admple.com",
            "a\u200bb@example.com",
        ),
        '"=?utf-8?q?a=0d=0aBcc:x@evil.example?="@example.com',
        "=?utf-8?q?x=40evil.example?=@example.com",
        "jan@example.com\r\nBcc: x@example.com",
        "a" * 250 + "@example.com",
    ],
)
def test_address_that_no_mail_can_be_sent_to_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        mail_address(text)
    assert refused.value.code == "address"


@given(st.emails() | st.text(max_size=40))
def test_what_is_taken_can_be_written_in_a_mail(text: str) -> None:
    try:
        address = mail_address(text)
    except IdentifierError:
        return
    assert b"To:" in EmailMessage("s", "b", "a@example.com", [address]).message().as_bytes()
