"""Where cards go: an address that a postman can read."""

import pytest

from remise.core.errors import BrokenRule
from remise.green_cards.addresses import POSTCODES, Address, complete
from remise.green_cards.forms import POSTED_TO


def at(country: str, postcode: str) -> Address:
    return Address("Balie", "Rijnstraat 12", postcode, "Zwolle", country)


def test_each_country_that_is_posted_to_is_known() -> None:
    assert set(POSTCODES) == set(POSTED_TO)
    for country, (_looks, example) in POSTCODES.items():
        assert complete(at(country, example)).postcode == example


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [("NL", "8011ab", "8011 AB"), ("NL", " 8011 AB", "8011 AB"), ("DE", "48143 ", "48143"), ("NL", "", "")],
)
def test_postcode_is_written_as_its_country_does(country: str, typed: str, kept: str) -> None:
    assert complete(at(country, typed)).postcode == kept


@pytest.mark.parametrize(
    ("country", "typed"), [("NL", "48143"), ("NL", "0111 AB"), ("BE", "8011 AB"), ("DE", "8011"), ("FR", "7500A")]
)
def test_postcode_of_another_country_is_refused_beside_its_field(country: str, typed: str) -> None:
    with pytest.raises(BrokenRule) as refused:
        complete(at(country, typed))
    assert (refused.value.code, refused.value.field) == ("postcode", "postcode")
    assert POSTCODES[country][1] in str(refused.value.message)
