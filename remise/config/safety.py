"""What an installation must say before anybody is served: otherwise it would run on secrets that stand in this very
repository, or send sessions unprotected, and nobody would notice."""

from django.conf import settings


def stop_unless_safe() -> None:
    """End the process with one line that names the setting."""
    problem = unsafe()
    if problem:
        raise SystemExit(f"Remise does not start: {problem}")


def unsafe() -> str:
    """What is missing outside the demo and debugging; empty when all is there."""
    if settings.DEMO or settings.DEBUG:
        return ""
    if settings.SECRET_KEY in {"", settings.TOOLS_KEY}:
        return "SECRET_KEY is not set. Give it a long random text: whoever knows it can sign in as anybody."
    if not settings.FIELD_KEYS:
        return "FIELD_KEYS is not set. Without it nobody can couple an authenticator app (see .env.example)."
    if settings.SECURE is None:
        return (
            "HTTPS is not set. Say HTTPS=true (and BEHIND_PROXY=true where a proxy ends TLS); HTTPS=false sends"
            " sessions unprotected and is for a trial on one machine only."
        )
    return ""
