"""Which groups must stay unnamed so that no figure is one person's."""

from __future__ import annotations

from collections.abc import Mapping


def hidden(sizes: Mapping[str, int], least: int) -> frozenset[str]:
    """Groups not to be shown beside their total: those below ``least``, and as many more as keep anybody from subtracting.

    What is hidden is never one group alone, and together never fewer than ``least`` people, unless there is nothing else to hide.
    """
    small = {name for name, size in sizes.items() if 0 < size < least}
    others = sorted((size, name) for name, size in sizes.items() if size >= least)
    while small and others and (len(small) < 2 or sum(sizes[name] for name in small) < least):
        small.add(others.pop(0)[1])
    return frozenset(small)
