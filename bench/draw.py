"""Ten thousand draws of 7 out of 30: how even they are (χ²), and how long one takes compared with Python's own shuffle.

    python -m bench.draw [draws]

Wanted: χ² of how often each was drawn below the 0.1 % limit of 29 degrees of freedom (58.3), the same for who came first, and a
draw that takes less than 200 times as long as ``random.shuffle`` (each of its numbers is a SHA-256).
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter

from procurement.draw import drawn

POOL, SEATS = [f"{n:064x}" for n in range(30)], 7
LIMIT = 58.3  # χ², 29 degrees of freedom, 0.1 %
SLOWEST = 200


def main() -> None:
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seats: Counter[str] = Counter()
    first: Counter[str] = Counter()
    began = time.perf_counter()
    for n in range(draws):
        panel = drawn(f"bench {n}", POOL, SEATS)
        seats.update(panel)
        first[panel[0]] += 1
    each = (time.perf_counter() - began) / draws
    began = time.perf_counter()
    for _ in range(draws):
        order = list(POOL)
        random.shuffle(order)
    ratio = each / ((time.perf_counter() - began) / draws)
    # somebody drawn cannot be drawn again in the same draw, so the seats vary less than independent trials by this factor
    even = chi_square(seats, draws * SEATS / len(POOL)) * (len(POOL) - 1) / (len(POOL) - SEATS)
    leading = chi_square(first, draws / len(POOL))
    print(
        f"{draws} draws of {SEATS} out of {len(POOL)}: χ² of the seats {even:.1f}, of the first {leading:.1f}, wanted < {LIMIT}"
    )
    print(f"{each * 1e6:.0f} µs each; a draw : random.shuffle {ratio:.0f} : 1, wanted < {SLOWEST} : 1")
    sys.exit(not (even < LIMIT and leading < LIMIT and ratio < SLOWEST))


def chi_square(counted: Counter[str], expected: float) -> float:
    return sum((counted[one] - expected) ** 2 / expected for one in POOL)


if __name__ == "__main__":
    main()
