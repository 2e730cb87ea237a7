import pytest

from tests.organisations.company import Company, company


@pytest.fixture
def garage() -> Company:
    return company()
