"""Checks a case file with nothing but Python 3: unpack the zip, then  python3 verify.py [ROOT]  inside its folder.

ROOT is the root as it was published or printed; without it the folder is only compared with itself.
"""

import hashlib
import json
import pathlib
import sys

here = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else ".")
wrong: list[str] = []


def sha256(path: pathlib.Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def tree(leaves: list[bytes]) -> bytes:  # RFC 6962, section 2.1
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + tree(leaves[:k]) + tree(leaves[k:])).digest()


lines = [line.split("  ", 1) for line in (here / "SHA256SUMS").read_text("utf-8").splitlines()]
sums = {path: digest for digest, path in lines}
found = {p.relative_to(here).as_posix() for p in here.rglob("*") if p.is_file()} - {"SHA256SUMS"}
wrong += [f"{path}: not in SHA256SUMS" for path in sorted(found - set(sums))]
wrong += [f"{path}: missing" for path in sorted(set(sums) - found)]
wrong += [f"{path}: not what SHA256SUMS says" for path in sorted(found & set(sums)) if sha256(here / path) != sums[path]]

manifest = json.loads((here / "manifest.json").read_text("utf-8"))
leaves = []
for n, line in enumerate(manifest["entries"], 1):
    path = here / line["path"]
    if line["n"] != n or not path.is_file() or path.stat().st_size != line["size"] or sha256(path) != line["sha256"]:
        wrong.append(f"document {n} {line['path']}: not what manifest.json says")
    leaf = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    leaves.append(hashlib.sha256(b"\0" + leaf).digest())
listed = {line["path"] for line in manifest["entries"]} | {
    "manifest.json",
    "contents.html",
    "contents.pdf",
    "README.txt",
    "verify.py",
}
wrong += [f"{path}: not in manifest.json" for path in sorted(found - listed)]
root = tree(leaves).hex()
if root != manifest["root"]:
    wrong.append("manifest.json: its root is not the root of its lines")
if len(sys.argv) > 1 and root != sys.argv[1]:
    wrong.append(f"the root is {root}, not {sys.argv[1]}")
sys.stdout.write("\n".join([*wrong, f"{len(leaves)} documents, root {root}, {len(wrong)} wrong", ""]))
sys.exit(bool(wrong))
