"""What the desk can do about a notice that was refused, by the code of the answer. The codes are our own, and the
adapter's to translate into; what is not known here is told in the register's words alone."""

from django.utils.translation import gettext_lazy as _

from remise.core.words import Text
from remise.notices.models import Notice

UNKNOWN_PLATE, WRONG_CODE, NO_COVER, KNOWN_ALREADY, UNREADABLE = (
    "unknown_plate",
    "check_code",
    "no_such_cover",
    "known_already",
    "unreadable",
)
ADVICE: dict[str, Text] = {
    UNKNOWN_PLATE: _(
        "The register does not know this plate. Compare it with the registration card. If it was mistyped, undo the"
        " registration when the customer asks for it and register the right plate: the register follows by itself."
    ),
    WRONG_CODE: _("The check code is not this vehicle's. Ask the customer for the one on the registration card."),
    NO_COVER: _(
        "The register knows no such cover of ours. Look at what was told before; if that is right, ask the register."
    ),
    KNOWN_ALREADY: _("The register has this cover already. Compare the days, and ask the register if they differ."),
    UNREADABLE: _("The register could not read it. That is a matter of the connection: tell who looks after it."),
}
OTHER = _("Read what the register says. Put right what is wrong here, or send it again when it is put right there.")


def advice(notice: Notice) -> Text:
    """Empty where nobody has to do anything."""
    return ADVICE.get(notice.code, OTHER) if notice.state == Notice.State.REJECTED else ""
