"""Every benchmark, one after the other, each within its time.

    python -m bench [name …]

Without names all of them. A benchmark that misses what is wanted of it ends with 1, and so does this; the figures stand above.
"""

from __future__ import annotations

import subprocess
import sys
import time

# name: arguments, seconds it may take
PROGRAMS: dict[str, tuple[tuple[str, ...], int]] = {
    "runner": ((), 120),
    "feel": ((), 120),
    "dmn_replay": ((), 180),
    "checks": ((), 60),
    "deployment": ((), 60),
    "user_task": (("--long",), 300),
    "clients": (("--seconds", "5", "--rounds", "2"), 180),
    "timers": (("--seconds", "10"), 240),
    "inbox": ((), 300),
    "operating": ((), 300),
    "messages": ((), 180),
    "public": (("300", "10"), 180),
    "memory": ((), 600),
    "long_polling": ((), 120),
    "fuzz": (("--processes", "200"), 300),
    "kill9": (("--seconds", "180"), 400),
    "pages": ((), 180),
    "full_pages": ((), 240),
    "collecting": ((), 300),
    "studio": ((), 240),
    "replay": ((), 240),
    "sealing": ((), 120),
    "draw": ((), 60),
    "archive": ((), 300),
}


def main() -> None:
    wanted = sys.argv[1:] or list(PROGRAMS)
    if unknown := [name for name in wanted if name not in PROGRAMS]:
        raise SystemExit(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(PROGRAMS)}.")
    missed = [name for name in wanted if not run(name)]
    print(f"\n{len(wanted) - len(missed)} of {len(wanted)} as wanted" + (f"; not: {', '.join(missed)}" if missed else ""))
    sys.exit(bool(missed))


def run(name: str) -> bool:
    arguments, within = PROGRAMS[name]
    print(f"\n== {name} {' '.join(arguments)}", flush=True)
    began = time.monotonic()
    try:
        code = subprocess.run([sys.executable, "-m", f"bench.{name}", *arguments], timeout=within, check=False).returncode
    except subprocess.TimeoutExpired:
        print(f"not done within {within} s")
        return False
    print(f"-- {time.monotonic() - began:.0f} s", flush=True)
    return code == 0


if __name__ == "__main__":
    main()
