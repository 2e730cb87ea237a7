"""The real thing for a browser to visit: a web server in a process of its own, and a mail server to deliver to."""

import asyncio
import contextlib
import logging
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import connections
from django.test import override_settings
from procrastinate.contrib.django import app

from remise.config import serve
from remise.portals.models import Portal
from tests import jobs

PATIENCE = 60.0
SEND = "messages.send"
# A server of a killed test run ends too (util-linux, on every Debian).
END_WITH_PARENT = ("setpriv", "--pdeathsig", "TERM", "--") if shutil.which("setpriv") else ()
# What a server in use has no business with; and this is no demo.
WITHHELD = frozenset({"DATABASE_OWNER_URL", "REMISE_DEMO", "REMISE_GALLERY", "MAIL_DIRECTORY"})


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers on this machine. Browsers find `*.localhost` without being told."""

    port: int
    log: Path

    def address(self, portal: Portal) -> str:
        return f"http://{portal.slug}.localhost:{self.port}"

    def said(self) -> str:
        """The end of what it wrote."""
        return self.log.read_text(errors="replace")[-4000:]


def _set() -> threading.Event:
    made = threading.Event()
    made.set()
    return made


@dataclass(slots=True)
class Mailbox:
    """Everything that was delivered, to whomever."""

    port: int
    taken: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)  # to the next mails, instead of taking them
    go_on: threading.Event = field(default_factory=_set)  # cleared: it hangs in the middle of a mail
    speaking: threading.Event = field(default_factory=threading.Event)

    @property
    def mailers(self) -> dict[str, dict[str, object]]:
        """As in the settings, which Django exchanges in tests."""
        options = {"host": "127.0.0.1", "port": self.port}
        return {
            "default": {"BACKEND": "remise.messages.outbox.Outbox"},
            "delivery": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options},
        }

    def reset(self) -> None:
        """Empty, and nothing on its way."""
        for number, _name, _arguments in jobs.waiting(SEND):
            jobs.forget(number)
        self.taken.clear()
        self.answers.clear()

    def delivered(self) -> list[EmailMessage]:
        """All that was delivered, after sending what waits in the outbox."""
        self.deliver()
        return self.taken

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.speaking.set()
        while not self.go_on.is_set():
            await asyncio.sleep(0.01)
        if self.answers:
            return self.answers.pop(0)
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.taken.append(mail)
        return "250 OK"

    def deliver(self) -> None:
        """What a worker does, where a test has none beside it: in a thread of its own, for in that of a browser's
        driver no other loop may turn, and sealing what is attached turns one."""
        with override_settings(MAILERS=self.mailers), ThreadPoolExecutor(1) as beside:
            for number, name, arguments in jobs.waiting(SEND):
                jobs.forget(number)
                beside.submit(app.tasks[name].func, **arguments).result()
            beside.submit(connections.close_all).result()

    def newest(self, to: str) -> EmailMessage:
        """The last mail to this address; sends what waits in the outbox, and waits for it."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            found = [mail for mail in self.delivered() if to in str(mail["To"])]
            if found:
                return found[-1]
            time.sleep(0.05)
        raise AssertionError(f"no mail to {to}")


@contextlib.contextmanager
def mail_server() -> Iterator[Mailbox]:
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    mailbox = Mailbox(serve.free_port(0))
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


@contextlib.contextmanager
def web(mailbox: Mailbox) -> Iterator[Server]:
    """The web server as an installation runs it, on the database of this process."""
    port = serve.free_port(0)
    with tempfile.NamedTemporaryFile(prefix="remise-web-", suffix=".log") as log:
        server = Server(port, Path(log.name))
        with _process(serve.web(port, workers=1).command, mailbox, log.fileno()) as process:
            _wait(server, process)
            yield server


@contextlib.contextmanager
def worker(mailbox: Mailbox) -> Iterator[Path]:
    """The worker as an installation runs it; gives its log."""
    with (
        tempfile.NamedTemporaryFile(prefix="remise-worker-", suffix=".log") as log,
        _process(serve.worker().command, mailbox, log.fileno()),
    ):
        yield Path(log.name)


@contextlib.contextmanager
def _process(command: Sequence[str], mailbox: Mailbox, log: int) -> Iterator[subprocess.Popen[bytes]]:
    environment = {key: value for key, value in os.environ.items() if key not in WITHHELD} | {
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mailbox.port),
        "LOG_LEVEL": "WARNING",
    }
    process = subprocess.Popen(
        [*END_WITH_PARENT, *command], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not serve.is_ready(server.port):
        assert process.poll() is None, server.said()
        assert time.monotonic() < give_up, server.said()
        time.sleep(0.1)
