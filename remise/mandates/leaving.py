"""What of a person stands in this room: mandates are companies'. Who gave or ended one did so by an event."""

from remise.core.particulars import Forgetting, Untold, columns
from remise.mandates.actions import answering

UNTOLD = Untold(
    "a mandate is a company's, and an office's contact the insurer's; who did something with one has its event",
    columns("mandates_mandate", "given_by", "changed_by", "accepted_by", "ended_by", "office_name")
    | columns("mandates_tier", "names")
    | columns("mandates_intermediary", "phone", "email"),
)
FORGETTING = Forgetting("mandates", answering.forget)
