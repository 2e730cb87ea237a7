"""Lookups that keep their index behind the wall."""

from typing import Any

from django.db.models import CharField, Field, ForeignKey, TextField
from django.db.models.lookups import PostgresOperatorLookup


class Prefix(PostgresOperatorLookup):
    """`plate__prefix="AB"`: starts with these letters, as written; nothing in them is a wildcard. Unlike LIKE
    (`startswith`) it is leakproof, so that a policy does not cost it the index. Needs a column in collation "C"."""

    lookup_name = "prefix"
    postgres_operator = "^@"


class AnyOf(PostgresOperatorLookup):
    """`id__any_of=numbers`: as `in`, for many. They go as one array and not with a placeholder each: however many
    there are, the statement is one text, and is made and planned once."""

    lookup_name = "any_of"
    postgres_operator = "= any"

    def get_prep_lookup(self) -> list[Any]:
        return [self.lhs.output_field.get_prep_value(value) for value in self.rhs]

    def process_rhs(self, *asked: Any) -> tuple[str, Any]:
        array, values = super().process_rhs(*asked)
        return f"({array})", values


def register() -> None:
    Field.register_lookup(AnyOf)
    ForeignKey.register_lookup(AnyOf)  # which does not inherit those of other fields
    CharField.register_lookup(Prefix)
    TextField.register_lookup(Prefix)
