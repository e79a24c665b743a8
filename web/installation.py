"""One installation on this machine: its home folder, its database and the settings both give.

``BIXUAN_HOME`` names the home; without it root uses /var/lib/bixuan, others the user's data folder. ``DATABASE_URL`` names a
PostgreSQL of the office's own; without it the embedded one is started for as long as the context lasts.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.store.embedded import EmbeddedPostgres
from web.mail_settings import with_mail
from web.settings import Settings, given

DEMO = "demo"
OFFICE = "office"


def home_folder(kind: str, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder that keeps everything of the demo or of the office."""
    if given := environ.get("BIXUAN_HOME"):
        return Path(given).expanduser().resolve() / kind
    if os.geteuid() == 0:  # the embedded server's unprivileged user cannot look into /root
        return Path("/var/lib/bixuan") / kind
    return Path(environ.get("XDG_DATA_HOME", "~/.local/share")).expanduser() / "bixuan" / kind


@contextlib.contextmanager
def installation(kind: str, environ: Mapping[str, str] = os.environ) -> Iterator[Settings]:
    """Settings with a database that answers; an embedded server is left again at the end."""
    home = home_folder(kind, environ)
    home.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        database_url = given(environ, "DATABASE_URL") or stack.enter_context(EmbeddedPostgres(home / "database"))
        if kind == DEMO:
            settings = Settings.for_demo(database_url, str(home / "files"))
        else:
            settings = Settings.from_environment(
                {
                    **environ,
                    "BIXUAN_FILE_STORE": given(environ, "BIXUAN_FILE_STORE") or str(home / "files"),
                    "BIXUAN_SECRET_KEY": given(environ, "BIXUAN_SECRET_KEY") or _kept_secret(home / "secret-key"),
                    "DATABASE_URL": database_url,
                }
            )
        yield with_mail(settings, environ)


def _kept_secret(file: Path) -> str:
    """The key that signs sessions, made once and readable by its owner only."""
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_hex(32))
    return file.read_text().strip()
