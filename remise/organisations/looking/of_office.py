"""Somebody of an office opens a thing of the client it acts for: told to the client, with the ground for it."""

from remise.organisations.looking.actions import note_look
from remise.organisations.requests import MemberRequest

BY_MANDATE, AS_INTERMEDIARY = "mandate", "intermediary"


def note_look_of_office(request: MemberRequest, kind: str, number: int) -> None:
    """Of the company's own people nothing is written."""
    if request.client is None:
        return
    ground = next(iter(request.client.grounds), None)
    purpose = (BY_MANDATE, ground.mandate) if ground and ground.mandate is not None else (AS_INTERMEDIARY, 0)
    note_look(by=request.actor, organisation=request.client.organisation, subject=(kind, number), purpose=purpose)
