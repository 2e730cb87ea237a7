"""The kinds of actor. Without Django: the script that makes a role for each knows no settings yet."""

from enum import StrEnum


class ActorKind(StrEnum):
    PUBLIC = "public"  # nobody yet: the doors before sign-in
    ACCOUNT = "account"  # signed in, no company chosen or one factor only
    MEMBER = "member"  # acts for one company
    AGENT = "agent"  # acts for clients through a mandate
    STAFF = "staff"  # the insurer's own people, in one portal
    SYSTEM = "system"  # jobs, in one portal

    @property
    def role(self) -> str:
        """The database role that a transaction of this kind takes."""
        return f"remise_{self}"
