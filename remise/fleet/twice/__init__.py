"""Vehicles that are covered twice: within one insurer's portal, and, where both insurers agreed to compare, at two of
them (docs/adr/0032)."""
