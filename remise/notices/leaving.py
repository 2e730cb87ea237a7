"""What this room keeps that looks as if it were about a person."""

from remise.core.particulars import Untold, columns

UNTOLD = Untold(
    "who of the insurer's people chose how notices go, which is told as what one did",
    columns("notices_registerway", "set_by"),
)
