"""What this room keeps that looks as if it were about a person."""

from remise.core.particulars import Untold, columns

UNTOLD = Untold(
    "who switched the comparing of cover on or off for an insurer, which is told as what one did",
    columns("fleet_comparingagreement", "made_by", "ended_by"),
)
DISMISSED = Untold(
    "who said that a finding of the radar is right, which is told as what one did",
    columns("fleet_finding", "dismissed_by"),
)
