"""Sealing and opening a large file in constant memory, and what opening 200 bids costs.

    python -m bench.sealing [megabytes]

A child process takes a file in as the portal does (encrypted spool, inspection, hash, sealed stream to disk) and unseals it again.
Wanted: its memory grows by less than a fifth of the file's size, and sealing is slower than copying by less than twenty times.
Then 200 bids of one record and one small file each are opened (shares combined, keys unwrapped, everything unsealed and hashed).
"""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import BinaryIO, cast

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from procurement.sealing import shamir, streams, wrapping
from procurement.sealing.codes import public_bytes
from procurement.sealing.inspection import inspect
from procurement.sealing.spool import EncryptedSpool

MEGABYTE = 1024 * 1024
CHUNK = 256 * 1024
BIDS = 200


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    if "--child" in sys.argv:
        print(take_in(size))
        return
    good = True
    for cipher in (streams.AES, streams.SM4):
        small, large = (measured(n, cipher) for n in (1, size))
        growth = (large["rss"] - small["rss"]) / size
        ratio = large["seal"] / large["copy"]
        print(
            f"{cipher:12} {size} MB: spool and look through {size / large['spool']:.0f} MB/s, seal {size / large['seal']:.0f} MB/s, "
            f"unseal {size / large['unseal']:.0f} MB/s; sealing : copying {ratio:.1f} : 1; "
            f"memory {large['rss']:.0f} MB, {growth:.2f} MB more per MB of the file"
        )
        good = good and growth < 0.2 and (cipher == streams.SM4 or ratio < 20)
    took = open_many()
    print(f"{BIDS} bids opened in {took:.2f} s, {took / BIDS * 1000:.1f} ms each")
    sys.exit(not good)


def measured(size: int, cipher: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.sealing", str(size), "--child"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "SEAL_CIPHER": cipher}).stdout
    return {name: float(value) for name, value in (pair.split("=") for pair in said.split())}


def take_in(size: int) -> str:
    cipher, key = os.environ["SEAL_CIPHER"], streams.new_key()
    piece = b"%PDF-1.7\n" + os.urandom(MEGABYTE - 9)
    with tempfile.TemporaryDirectory() as folder:
        target, times = Path(folder) / "sealed", {}
        began = time.perf_counter()
        with (Path(folder) / "copy").open("wb") as copy:
            for _ in range(size):
                copy.write(piece)
        times["copy"] = time.perf_counter() - began
        began = time.perf_counter()
        with EncryptedSpool() as spool:
            for _ in range(size):
                spool.write(piece)
            inspect("bid.pdf", cast("BinaryIO", spool))
            times["spool"] = time.perf_counter() - began
            began = time.perf_counter()
            spool.seek(0)
            with target.open("wb") as out:
                for part in streams.seal(iter(lambda: spool.read(CHUNK), b""), key, b"", cipher):
                    out.write(part)
        times["seal"] = time.perf_counter() - began
        began = time.perf_counter()
        sha256 = hashlib.sha256()
        with target.open("rb") as sealed:
            for part in streams.unseal(iter(lambda: sealed.read(CHUNK), b""), key, b""):
                sha256.update(part)
        times["unseal"] = time.perf_counter() - began
    times["rss"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return " ".join(f"{name}={value:.6f}" for name, value in times.items())


def open_many() -> float:
    private = X25519PrivateKey.generate()
    public, shares = public_bytes(private), shamir.split(private.private_bytes_raw(), 3, 2)
    bids = []
    for _ in range(BIDS):
        parts = []
        for content in (os.urandom(800), os.urandom(200 * 1024)):
            key = streams.new_key()
            parts.append((wrapping.wrap(key, public, b""), b"".join(streams.seal([content], key, b""))))
        bids.append(parts)
    began = time.perf_counter()
    for parts in bids:
        combined = X25519PrivateKey.from_private_bytes(shamir.combine({x: shares[x] for x in (1, 3)}))
        for wrapped, sealed in parts:
            content = b"".join(streams.unseal([sealed], wrapping.unwrap(wrapped, combined, b""), b""))
            hashlib.sha256(content).hexdigest()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
