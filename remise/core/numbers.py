"""Numbers of the insurer's own making (policies, relations, intermediaries) in the database: kept as they are
written, looked up and unique as `number_key` reads them.

A generated column and no index over an expression: behind the wall an index serves equality with a column alone, for
the functions of an expression could leak what they are given.
"""

from django.db import models
from django.db.models import CharField, Func, GeneratedField

from remise.core.identifiers.text import BETWEEN


class NumberKey(Func):
    """`number_key` in SQL, letter by letter: `upper` would go by the collation."""

    template = (
        f"translate(regexp_replace(%(expressions)s, '[{BETWEEN}]', '', 'g'),"
        " 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')"
    )
    output_field = models.CharField()


def keyed(column: str, *, longest: int = 20, null: bool = False) -> GeneratedField:
    """The column by which another one is found."""
    key = CharField(max_length=longest, null=null)
    return GeneratedField(expression=NumberKey(column), output_field=key, db_persist=True)
