"""Check codes, chassis, company and account numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remise.core.identifiers import BranchNumber, CheckCode, Iban, IdentifierError, KvkNumber, Vin

VIN = "WVWZZZ1KZ6W000123"


def test_f119_check_code_is_the_end_of_the_vin() -> None:
    assert Vin.parse(VIN).check_code == CheckCode("0123")
    assert CheckCode.parse("0123").matches(Vin.parse(VIN))
    assert not CheckCode.parse("0124").matches(Vin.parse(VIN))


@pytest.mark.parametrize(("text", "value"), [("0007", "0007"), (" 00 07 ", "0007"), ("12a4", "12A4")])
def test_parse_check_code_keeps_leading_zeros(text: str, value: str) -> None:
    assert CheckCode.parse(text).value == value


@pytest.mark.parametrize("text", ["123", "12345", "12*4", "12é4", "١٢٣٤"])
def test_parse_check_code_refuses_other_than_four_characters(text: str) -> None:
    with pytest.raises(IdentifierError) as refusal:
        CheckCode.parse(text)
    assert refusal.value.code == "check_code"


def test_check_code_with_letters_is_doubted() -> None:
    assert CheckCode("1234").warnings == ()
    assert [doubt.code for doubt in CheckCode("12A4").warnings] == ["check_code_letters"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (VIN[:-1], "length"),
        (VIN + "4", "length"),
        ("WVWZZZ1KZ6W00O123", "letters"),
        ("WVWZZZ1KZ6W00I123", "letters"),
        ("WVWZZZ1KZ6W00Q123", "letters"),
        ("WVWZZZ1KZ6W00é123", "characters"),
    ],
)
def test_parse_vin_refuses_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(IdentifierError) as refusal:
        Vin.parse(text)
    assert refusal.value.code == code


@given(st.text(alphabet="ABCDEFGHJKLMNPRSTUVWXYZ0123456789", min_size=17, max_size=17))
def test_parse_vin_asks_for_no_check_digit(value: str) -> None:
    assert CheckCode(value[13:]).matches(Vin.parse(value.lower()))


@pytest.mark.parametrize("text", ["1234567", "123456789", "1234567A", "١٢٣٤٥٦٧٨"])
def test_parse_kvk_number_refuses_other_than_eight_digits(text: str) -> None:
    with pytest.raises(IdentifierError) as refusal:
        KvkNumber.parse(text)
    assert refusal.value.code == "kvk"


@pytest.mark.parametrize("text", ["12345678", "00001234567", "0000123456789"])
def test_parse_branch_number_refuses_other_than_twelve_digits(text: str) -> None:
    with pytest.raises(IdentifierError) as refusal:
        BranchNumber.parse(text)
    assert refusal.value.code == "branch"


def test_iban_shows_whole_only_when_asked() -> None:
    account = Iban.parse("nl91 abna 0417 1643 00")
    assert (account.value, account.country) == ("NL91ABNA0417164300", "NL")
    assert account.formatted == "NL91 ABNA 0417 1643 00"
    assert str(account) == account.masked == "NL** **** **** **43 00"
    assert "0417" not in repr(account)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NL92ABNA0417164300", "check_digits"),
        ("NL91ABNA0417164301", "check_digits"),
        ("XX91ABNA0417164300", "check_digits"),
        ("417164300", "shape"),
        ("NL91", "shape"),
        ("NL00ABNA0417164300", "shape"),
    ],
)
def test_parse_iban_refuses_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(IdentifierError) as refusal:
        Iban.parse(text)
    assert refusal.value.code == code
    assert "0417" not in str(refusal.value.params)


@given(position=st.integers(4, 17), digit=st.sampled_from("0123456789"))
def test_parse_iban_finds_each_wrong_digit(position: int, digit: str) -> None:
    right = "NL91ABNA0417164300"
    typed = right[:position] + digit + right[position + 1 :]
    if typed == right:
        assert Iban.parse(typed).value == right
    else:
        with pytest.raises(IdentifierError):
            Iban.parse(typed)
