"""Whatever an action, a selector or a parser refuses with is a text that can be translated: a program and a run show
it too."""

import ast
from collections.abc import Iterator

from remise.core.errors import DomainError
from remise.core.identifiers import IdentifierError
from tests.routes import REMISE


def refusals(of: type[Exception]) -> Iterator[str]:
    yield of.__name__
    for inner in of.__subclasses__():
        yield from refusals(inner)


def _has_words(said: ast.expr) -> bool:
    """A sentence by itself, or between what is put in."""
    parts = said.values if isinstance(said, ast.JoinedStr) else [said]
    texts = [part.value for part in parts if isinstance(part, ast.Constant)]
    return any(isinstance(text, str) and any(map(str.isalpha, text)) for text in texts)


def test_no_refusal_is_a_bare_text() -> None:
    names = {*refusals(DomainError), *refusals(IdentifierError), "ValidationError"}
    bare = []
    for file in sorted(REMISE.glob("**/*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called in names and _has_words(node.args[0]):
                bare.append(f"{file.relative_to(REMISE)}:{node.lineno}")
    assert bare == []
