"""Lookups that keep their index behind the wall."""

from django.db.models import CharField, TextField
from django.db.models.lookups import PostgresOperatorLookup


class Prefix(PostgresOperatorLookup):
    """`plate__prefix="AB"`: starts with these letters, as written; nothing in them is a wildcard. Unlike LIKE
    (`startswith`) it is leakproof, so that a policy does not cost it the index. Needs a column in collation "C"."""

    lookup_name = "prefix"
    postgres_operator = "^@"


def register() -> None:
    CharField.register_lookup(Prefix)
    TextField.register_lookup(Prefix)
