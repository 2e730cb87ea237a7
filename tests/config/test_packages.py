"""What the product imports is installed where it is served: the packages of tests are not there."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = frozenset({"remise"})


def locked(name: str) -> dict[str, str]:
    """Package -> its lines."""
    text = (ROOT / name).read_text()
    return {
        found[1]: found[0] for found in re.finditer(r"^([a-z0-9][a-z0-9._-]*)==(?:.*\\\n)*.*\n?", text, re.MULTILINE)
    }


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_what_is_imported_is_locked_for_serving() -> None:
    packages, distributions = locked("requirements.lock"), packages_distributions()
    missing = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in (ROOT / "remise").rglob("*.py")
        for module in imported(path)
        if (top := module.partition(".")[0]) not in sys.stdlib_module_names | OURS
        and not {re.sub(r"[-_.]+", "-", name).lower() for name in distributions.get(top, ())} & packages.keys()
    }
    assert missing == set()


def test_both_locks_say_the_same() -> None:
    tested, served = locked("requirements-dev.lock"), locked("requirements.lock")
    assert {name for name, lines in served.items() if tested.get(name) != lines} == set()
