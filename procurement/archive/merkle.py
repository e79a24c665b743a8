"""A Merkle tree as RFC 6962 (section 2.1) builds it, over SHA-256: leaves and inner nodes are hashed with different first bytes.

``leaf_hash(d)`` = SHA-256(0x00 ‖ d); ``node_hash(l, r)`` = SHA-256(0x01 ‖ l ‖ r); the left subtree of n leaves holds the
largest power of two smaller than n. Hashes are bytes here and 64 hexadecimal digits everywhere else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The hash of the tree over leaf hashes; of no leaves, SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = _left_size(len(leaves))
    return node_hash(root(leaves[:k]), root(leaves[k:]))


def audit_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from leaf ``index`` (from 0) to the root, from below. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    k = _left_size(len(leaves))
    if index < k:
        return [*audit_path(leaves[:k], index), root(leaves[k:])]
    return [*audit_path(leaves[k:], index - k), root(leaves[:k])]


def root_from(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf and its audit path give; None when the path does not fit a tree of ``size`` leaves."""
    if not 0 <= index < size:
        return None
    if size == 1:
        return leaf if not path else None
    if not path:
        return None
    k = _left_size(size)
    if index < k:
        left = root_from(leaf, index, k, path[:-1])
        return None if left is None else node_hash(left, path[-1])
    right = root_from(leaf, index - k, size - k, path[:-1])
    return None if right is None else node_hash(path[-1], right)


def _left_size(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return 1 << ((size - 1).bit_length() - 1)
