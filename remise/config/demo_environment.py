"""The environment of a demo on this machine, written as lines for a shell to evaluate."""

import base64
import os
import shlex
import sys

from remise.config.database import derived, prepare
from remise.config.embedded_postgres import VAR


def demo_environment() -> dict[str, str]:
    """Addresses and keys that are the same at every start; what the caller set stays as it is."""
    mail = VAR / "mail"
    mail.mkdir(parents=True, exist_ok=True)
    chosen = {
        "REMISE_DEMO": "1",
        "SECRET_KEY": derived("SECRET_KEY").hex(),
        "FIELD_KEYS": base64.urlsafe_b64encode(derived("FIELD_KEYS")).decode(),
        "METRICS_TOKEN": derived("METRICS_TOKEN").hex(),
        "MAIL_DIRECTORY": str(mail),
    }
    given = {key: os.environ[key] for key in chosen if key in os.environ}
    return chosen | given | prepare("remise_demo", durable=True).environment


if __name__ == "__main__":
    sys.stdout.writelines(f"export {key}={shlex.quote(value)}\n" for key, value in demo_environment().items())
