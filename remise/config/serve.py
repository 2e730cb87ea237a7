"""Runs a whole Remise on one machine: web and worker as child processes, restarted when they are killed.

`python -m remise.config.serve [--port N] [--then COMMAND ...]`. A child that ends by itself before it ever
worked stops everything with its exit code, and so does one that keeps falling over.
"""

import argparse
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from types import FrameType
from typing import NoReturn

# A child that lived this long has worked; one that falls so often in a row does not any more.
WORKED, FALLS = 5.0, 10
PATIENCE = 60.0
# A child of a killed supervisor is told to end too, or it would keep the port (util-linux, on every Debian).
_END_WITH_PARENT = ("setpriv", "--pdeathsig", "TERM", "--") if shutil.which("setpriv") else ()


@dataclass
class Child:
    """A process group that is kept alive."""

    command: Sequence[str]
    secrets: frozenset[str]  # of the environment, that this child has no business with
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    worked: bool = False

    def start(self) -> None:
        environment = {key: value for key, value in os.environ.items() if key not in self.secrets}
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 (our own programs)
            [*_END_WITH_PARENT, *self.command],
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def keep_alive(self) -> int | None:
        """Restart the child if it is gone; its exit code when there is no point in that."""
        if self.process is None or self.process.poll() is None:
            return None
        code = self.process.returncode
        self.signal(signal.SIGKILL)  # what a killed parent left behind
        lived = time.monotonic() - self.started
        self.worked = self.worked or lived > WORKED
        self.falls = 0 if lived > WORKED else self.falls + 1
        if (code >= 0 and not self.worked) or self.falls >= FALLS:
            return code if code > 0 else 1
        if self.falls > 1:
            time.sleep(1)
        self.start()
        return None

    def signal(self, number: signal.Signals) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def stop(self) -> None:
        """Ask it to end; insist after ten seconds."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        self.signal(signal.SIGKILL)
        self.process.wait()


def web(port: int, workers: int) -> Child:
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--blocking-threads-idle-timeout", "600",
        "--respawn-failed-workers", "--log-level", "warning", "remise.config.wsgi:application",
    ]  # fmt: skip
    return Child(command, frozenset({"DATABASE_OWNER_URL", "DATABASE_JOBS_URL"}))


def worker() -> Child:
    return Child([sys.executable, "-m", "remise", "worker"], frozenset({"DATABASE_OWNER_URL"}))


def register(port: int) -> Child:
    """A vehicle register for the demo, which asks nobody on the internet."""
    command = [sys.executable, "-m", "remise.demo.register_server", "--port", str(port)]
    return Child(command, frozenset(key for key in os.environ if key.startswith("DATABASE_")))


def state_register(port: int) -> Child:
    """A register of cover for the demo, which tells the state nothing."""
    command = [sys.executable, "-m", "remise.demo.state_register", "--port", str(port)]
    return Child(command, frozenset(key for key in os.environ if key.startswith("DATABASE_")))


def demo_state_register() -> list[Child]:
    """In the demo, where no other one was named."""
    if os.environ.get("REMISE_DEMO") != "1" or "STATE_REGISTER_URL" in os.environ:
        return []
    port = free_port(0)
    os.environ["STATE_REGISTER_URL"] = f"http://127.0.0.1:{port}"
    return [state_register(port)]


def demo_register() -> list[Child]:
    """In the demo, where no other register was named: the stand-in, and where the others find it."""
    if os.environ.get("REMISE_DEMO") != "1" or "RDW_URL" in os.environ:
        return []
    port = free_port(0)
    os.environ["RDW_URL"] = f"http://127.0.0.1:{port}"
    os.environ.setdefault("CHASSIS_REGISTER", "remise.demo.published.DemoChassisRegister")
    return [register(port)]


def free_port(wanted: int) -> int:
    """The wanted port, or another one when it is taken."""
    for port in (wanted, 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")


def supervise(children: Sequence[Child], port: int, then: Sequence[str]) -> int:
    """Keep the children alive until one is a lost cause or `then` has ended; return the exit code."""
    address, patience = f"http://localhost:{port}/", time.monotonic() + PATIENCE
    following: subprocess.Popen[bytes] | None = None
    ready = False
    try:
        for child in children:
            child.start()
        while following is None or following.poll() is None:
            for child in children:
                code = child.keep_alive()
                if code is not None:
                    sys.stderr.write(f"{' '.join(child.command[1:4])} ended with {code}\n")
                    return code
            if not ready and is_ready(port):
                ready = True
                print(f"Remise is ready: {address}", flush=True)  # noqa: T201
                if then:
                    following = subprocess.Popen(then, env=os.environ | {"REMISE_ADDRESS": address})  # noqa: S603
            if then and not ready and time.monotonic() > patience:
                sys.stderr.write(f"{address}readyz did not answer within {PATIENCE:.0f} seconds\n")
                return 1
            time.sleep(0.2)
        return following.returncode if following.returncode >= 0 else 1
    finally:
        if following:
            following.kill()
        for child in children:
            child.stop()


def is_ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, signal.SIG_IGN)  # leaving takes a moment: an impatient second one changes nothing
    sys.exit(0)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m remise.config.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=min(os.cpu_count() or 1, 4))
    parser.add_argument("--choose", action="store_true", help="only say which port it would be")
    parser.add_argument("--stop-database", action="store_true", help="stop the embedded server at the end")
    parser.add_argument("--then", nargs=argparse.REMAINDER, default=[], help="run this when ready, then stop")
    options = parser.parse_args()
    port = free_port(options.port)
    if port != options.port:
        sys.stderr.write(f"Port {options.port} is taken: using {port}\n")
    if options.choose:
        print(port)  # noqa: T201
        return 0
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    os.environ.setdefault("PUBLIC_PORT", str(port))
    try:
        registers = [*demo_register(), *demo_state_register()]
        return supervise([*registers, web(port, options.workers), worker()], port, options.then)
    finally:
        if options.stop_database:
            from remise.config.database import stop_unless_used

            stop_unless_used(durable=True)


if __name__ == "__main__":
    sys.exit(main())
