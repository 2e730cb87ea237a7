"""The supervisor with small children: the real ones are started by `script/demo --check`."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from remise.config.serve import Child, demo_register, free_port, supervise

SERVER = """
import http.server, os, pathlib, sys
pathlib.Path(sys.argv[2], str(os.getpid())).touch()
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self): self.send_response(200); self.end_headers(); self.wfile.write(str(os.getpid()).encode())
    def log_message(self, *args): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
"""


@pytest.fixture
def port() -> int:
    return free_port(0)


def python(source: str, *arguments: object) -> Child:
    return Child([sys.executable, "-c", source, *map(str, arguments)], frozenset({"DATABASE_OWNER_URL"}))


def eventually(holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_free_port_leaves_a_taken_one_alone(port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        assert free_port(port) != port
    assert free_port(port) == port


def test_port_is_chosen_before_anything_starts(port: int) -> None:
    choose = [sys.executable, "-m", "remise.config.serve", "--choose", "--port", str(port)]
    assert subprocess.run(choose, capture_output=True, text=True, check=True).stdout == f"{port}\n"
    with socket.create_server(("127.0.0.1", port)):
        other = subprocess.run(choose, capture_output=True, text=True, check=True)
    assert other.stdout.strip().isdigit()
    assert other.stdout != f"{port}\n"
    assert f"Port {port} is taken" in other.stderr


@pytest.mark.parametrize("code", [0, 7])
def test_supervise_ends_with_what_it_was_to_run(port: int, tmp_path: Path, code: int) -> None:
    server = python(SERVER, port, tmp_path)
    ask = "import os, sys; from urllib.request import urlopen; urlopen(os.environ['REMISE_ADDRESS']).read(); "
    assert supervise([server], port, [sys.executable, "-c", f"{ask}sys.exit({code})"]) == code
    assert server.process
    assert server.process.poll() is not None


def test_supervise_ends_with_the_code_of_a_child_that_never_worked(port: int, tmp_path: Path) -> None:
    server = python(SERVER, port, tmp_path)
    assert supervise([server, python("raise SystemExit(3)")], port, []) == 3
    assert server.process
    assert server.process.poll() is not None


def test_a_killed_child_is_started_again(port: int, tmp_path: Path) -> None:
    server = python(SERVER, port, tmp_path)
    # The job that follows kills the server and waits for its successor.
    job = (
        "import os, signal, time, urllib.request as r\n"
        "ask = lambda: int(r.urlopen(os.environ['REMISE_ADDRESS'], timeout=5).read())\n"
        "first = ask(); os.kill(first, signal.SIGKILL)\n"
        "while True:\n"
        "    time.sleep(0.1)\n"
        "    try:\n"
        "        if ask() != first: break\n"
        "    except OSError: pass\n"
    )
    assert supervise([server], port, [sys.executable, "-c", job]) == 0
    assert len(list(tmp_path.iterdir())) == 2


def test_children_do_not_get_the_owners_address(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://secret")
    child = python("import os; raise SystemExit(40 + ('DATABASE_OWNER_URL' in os.environ))")
    assert supervise([child], port, []) == 40


def test_children_end_with_a_killed_supervisor(port: int, tmp_path: Path) -> None:
    source = (
        "import sys; from remise.config.serve import Child, supervise\n"
        "supervise([Child([sys.executable, '-c', *sys.argv[1:]], frozenset())], int(sys.argv[2]), [])"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", source, SERVER, str(port), str(tmp_path)])
    eventually(lambda: any(tmp_path.iterdir()))
    child = int(next(tmp_path.iterdir()).name)
    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()
    eventually(lambda: not _runs(child))


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_demo_brings_its_own_register(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RDW_URL", "CHASSIS_REGISTER"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    assert demo_register() == []  # this is no demo
    monkeypatch.setenv("REMISE_DEMO", "1")
    (child,) = demo_register()
    child.start()
    try:
        address = os.environ["RDW_URL"]
        eventually(lambda: _says(f"{address}/resource/m9d7-ebf2.json?kenteken=XS050D", "XS050D"))
    finally:
        child.stop()
    monkeypatch.setenv("RDW_URL", "http://register.example")
    assert demo_register() == []  # another one was named


def _says(address: str, plate: str) -> bool:
    try:
        return [row["kenteken"] for row in httpx.get(address, timeout=5).json()] == [plate]
    except httpx.HTTPError:
        return False
