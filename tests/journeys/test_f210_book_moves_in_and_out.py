"""Row 210, by the commands that an administrator types."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from remise.portals.models import Portal
from tests.book import moving
from tests.book.moving import BRANCHES, ORGANISATIONS, PEOPLE, POLICIES, put


def remise(at: Portal, *command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "remise", *map(str, command), "--portal", at.slug],
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.full
def test_f210_customer_book_moves_in_and_out(tmp_path: Path) -> None:
    here, there = moving.portal(), moving.portal()
    brug = "01234567"
    files = {
        "organisations": put(
            tmp_path / "organisations.xlsx", ORGANISATIONS, (brug, "company", "=Garage “De Brug”; Zn."),
            ("", "person", "P. Slagter"), ("123", "company", "Drie cijfers"),
        ),
        "branches": put(
            tmp_path / "branches.csv", BRANCHES,
            (brug, "R001-1", "", "Zwolle"), (brug, "R001-2", "000000345678", "Ede")
        ),
        "people": put(
            tmp_path / "people.csv", PEOPLE,
            (brug, "kees@brug.example", "Kees Bos", "active", "users.manage vehicles.view vehicles.register@R001-2"),
            (brug, "sanne@brug.example", "Sanne", "active", "vehicles.fly"),
        ),
        "policies": put(
            tmp_path / "policies.csv", POLICIES, (brug, "dealer-stock", "40.2231", "2026-01-31", "2026-12-31")
        ),
    }  # fmt: skip
    # In: what is wrong is refused in words, the rest stands, and the mended lines come in by themselves.
    done = {name: remise(here, "import", name, path) for name, path in files.items()}
    assert [one.returncode for one in done.values()] == [1, 0, 1, 0]
    assert "organisations: 2 added, 0 changed, 0 same, 1 refused" in done["organisations"].stderr
    assert "A KvK number has eight digits" in moving.refused(files["organisations"])[0]["reason"]
    assert moving.refused(files["people"])[0]["reason"] == "rights: There is no right called vehicles.fly."
    mended = tmp_path / "people.csv.refused.csv"
    mended.write_text(mended.read_text("utf-8-sig").replace("vehicles.fly\n", "vehicles.view\n"))
    assert remise(here, "import", "people", mended).returncode == 0
    before = moving.events(here)
    assert remise(here, "import", "branches", files["branches"]).returncode == 0
    assert moving.events(here) == before
    # Out, in somewhere else, and out there: the same to the byte.
    assert remise(here, "export", "all", tmp_path / "went").returncode == 0
    for name in files:
        assert remise(there, "import", name, tmp_path / "went" / f"{name}.csv").returncode == 0
    assert remise(there, "export", "all", tmp_path / "came").returncode == 0
    for name in files:
        assert (tmp_path / "came" / f"{name}.csv").read_bytes() == (tmp_path / "went" / f"{name}.csv").read_bytes()
    assert [line["name"] for line in moving.read(tmp_path / "came" / "people.csv")] == ["Kees Bos", "Sanne"]
    # What cannot be done says why.
    done["unknown"] = remise(moving.portal(), "export", "policies", tmp_path / "policies.pdf")
    assert "The name of the file ends in .csv or .xlsx." in done["unknown"].stderr
