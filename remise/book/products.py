"""Products move in from reviewed files: each is read, its examples are judged, and only then are they kept, all or
none. They are no book of lines, and come by the same command."""

from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from remise.book.importing import keeper
from remise.core.errors import BrokenRule
from remise.core.keeping import Kept
from remise.core.scope import enter
from remise.policies.examples import check_examples
from remise.policies.files import BadFile, ProductFile, read_file
from remise.policies.keeping import keep_product
from remise.portals.models import Portal

PRODUCTS = "products"


class RefusedProducts(ValueError):
    """What is wrong with the files, each reason with its place."""


def move_products_in(
    portal: Portal, paths: Sequence[Path], *, rehearse: bool = False
) -> list[tuple[Path, str, Kept]]:
    """Path, code and what was done, by file. Raises RefusedProducts, and then nothing is changed."""
    said = _read(paths)
    by = keeper(portal, via="import")
    told: list[tuple[Path, str, Kept]] = []
    with enter(by.scope):
        for path, product in said:
            try:
                told.append((path, product.code, keep_product(by=by, said=product)))
            except BrokenRule as refusal:
                raise RefusedProducts(f"{path}: {refusal.message}") from None
        if rehearse:
            transaction.set_rollback(True)
    return told


def _read(paths: Sequence[Path]) -> list[tuple[Path, ProductFile]]:
    """All of them, or all that is wrong with any."""
    found: list[tuple[Path, ProductFile]] = []
    wrong: list[str] = []
    for path in paths:
        try:
            product = read_file(path)
            check_examples(path, product)
            found.append((path, product))
        except BadFile as bad:
            wrong.append(str(bad))
    codes = [product.code for _path, product in found]
    wrong += [f"two files say {code}" for code in sorted({code for code in codes if codes.count(code) > 1})]
    if wrong:
        raise RefusedProducts("\n".join(wrong))
    return found
