"""The list of what a standard asks is whole, up to date, and names proofs that exist."""

import pytest

from tests.asvs import PAGE, PROJECT, STATES, Requirement, chapters, page

# Levels 1 and 2 of OWASP ASVS 5.0: section and how far its numbers go (level 3 left out).
ASKED = {
    "V6": {"6.1": 3, "6.2": 11, "6.3": 3, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4},
    "V7": {"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2},
    "V8": {"8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1},
}
ALL = [(number, one) for chapter in chapters().values() for number, one in chapter.items()]


@pytest.mark.parametrize("chapter", ASKED)
def test_nothing_that_is_asked_is_left_out(chapter: str) -> None:
    wanted = [f"{section}.{n}" for section, last in ASKED[chapter].items() for n in range(1, last + 1)]
    assert list(chapters()[chapter]) == wanted


@pytest.mark.parametrize(("number", "one"), ALL, ids=[number for number, _ in ALL])
def test_each_has_a_proof_that_exists_or_a_reason(number: str, one: Requirement) -> None:
    assert one["state"] in STATES, number
    assert one.get("by") if one["state"] == "met" else one.get("why"), number
    for proof in one.get("by", []):
        path, _, name = proof.partition("::")
        text = (PROJECT / path).read_text()
        assert not name or f"def {name}(" in text, proof


def test_page_is_what_the_list_says() -> None:
    """`python -m tests.asvs` writes it."""
    assert PAGE.read_text() == page()
