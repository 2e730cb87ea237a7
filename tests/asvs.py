"""docs/asvs.md out of docs/asvs.toml (`python -m tests.asvs`)."""

import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
SOURCE, PAGE = PROJECT / "docs" / "asvs.toml", PROJECT / "docs" / "asvs.md"
CHAPTERS = {"V6": "Authentication", "V7": "Session management", "V8": "Authorization"}
STATES = {"met": "met", "none": "does not apply", "open": "**not met**"}

type Requirement = dict[str, Any]


def chapters() -> dict[str, dict[str, Requirement]]:
    return tomllib.loads(SOURCE.read_text())


def page() -> str:
    found = chapters()
    counts = Counter(one["state"] for chapter in found.values() for one in chapter.values())
    lines = [
        "# What OWASP ASVS 5.0 asks at level 2, and what proves it",
        "",
        "Written by `python -m tests.asvs` from `asvs.toml`; a test keeps both alike and looks up each proof.",
        "The words are ours; the numbers are those of the standard, chapters V6, V7 and V8.",
        "",
        f"{counts['met']} met, {counts['open']} not met, {counts['none']} do not apply.",
    ]
    for chapter, requirements in found.items():
        lines += [
            "",
            f"## {chapter} {CHAPTERS[chapter]}",
            "",
            "| | what is asked | state | proof, or why |",
            "|---|---|---|---|",
        ]
        for number, one in requirements.items():
            proof = [f"`{test}`" for test in one.get("by", [])] + ([one["why"]] if "why" in one else [])
            lines.append(f"| {number} | {one['about']} | {STATES[one['state']]} | {'; '.join(proof)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
    sys.stdout.write(f"{PAGE}\n")
