import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from remise.config import unprivileged
from remise.config.embedded_postgres import EmbeddedPostgres, ServerError


def test_start_shares_the_server_that_runs(server: EmbeddedPostgres) -> None:
    with ThreadPoolExecutor(4) as pool:
        urls = set(pool.map(lambda _: server.start(), range(4)))
    assert urls == {server.admin_url}
    with psycopg.connect(server.admin_url) as connection:
        assert connection.execute("show port").fetchone() == (str(server.port),)


def test_start_after_a_kill_keeps_what_was_committed(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.start(), autocommit=True) as connection:
        connection.execute("create table promised (id int)")
        for attempt in range(3):
            with psycopg.connect(server.admin_url, autocommit=True) as writer:
                writer.execute("insert into promised values (%s)", [attempt])
            assert server.pid
            os.kill(server.pid, signal.SIGKILL)
            server.start()
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        assert connection.execute("select count(*) from promised").fetchone() == (3,)
        connection.execute("drop table promised")


def test_start_takes_another_port_when_its_own_is_taken(server: EmbeddedPostgres) -> None:
    server.start()
    remembered = server.port
    server.stop()
    assert remembered
    with socket.create_server(("127.0.0.1", remembered)):
        server.start()
    assert server.port != remembered
    psycopg.connect(server.admin_url).close()


def test_stop_when_it_is_down_does_nothing(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    server.stop()
    assert server.pid is None


@pytest.mark.parametrize(("durable", "fsync"), [(False, "off"), (True, "on")])
def test_start_waits_for_the_disk_when_durable(server: EmbeddedPostgres, durable: bool, fsync: str) -> None:
    server.stop()
    with psycopg.connect(replace(server, durable=durable).start()) as connection:
        assert connection.execute("show fsync").fetchone() == (fsync,)


def test_start_loads_the_extensions(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.start()) as connection:
        for extension in ("btree_gist", "pg_trgm"):
            connection.execute(f"create extension {extension}")
        assert connection.execute("select lower('É'), show_trgm('ab') <> '{}'").fetchone() == ("é", True)
        connection.rollback()


def test_start_refuses_the_data_of_another_version(server: EmbeddedPostgres, tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("9\n")
    with pytest.raises(ServerError, match="belongs to PostgreSQL 9, these programs are"):
        replace(server, data=tmp_path).start()


@pytest.mark.skipif(not unprivileged.UNPRIVILEGED, reason="only root runs the server as another user")
def test_data_moves_out_of_a_closed_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir(mode=0o700)
    monkeypatch.setattr(unprivileged, "_elsewhere", lambda: elsewhere)
    assert unprivileged.reachable_data(home / "var" / "postgres") == elsewhere / "postgres"
    assert unprivileged.reachable_data(Path("/tmp/postgres")) == Path("/tmp/postgres")


@pytest.mark.skipif(not unprivileged.UNPRIVILEGED, reason="only root runs the server as another user")
def test_programs_move_out_of_a_closed_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs, elsewhere = tmp_path / "home" / "bin", tmp_path / "elsewhere"
    (tmp_path / "home").mkdir(mode=0o700)
    programs.mkdir()
    (programs / "initdb").touch()
    monkeypatch.setattr(unprivileged, "_elsewhere", lambda: elsewhere)
    assert (unprivileged.reachable_programs(programs) / "initdb").exists()
