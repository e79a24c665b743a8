"""Bring both catalogues up to date with the sources and compile them."""

from __future__ import annotations

from web.translations.catalogues import CATALOGUES, compiled, read, update


def main() -> None:
    for catalogue in CATALOGUES:
        missing = update(catalogue)
        catalogue.binary.write_bytes(compiled(read(catalogue)))
        print(f"{catalogue.locale}: {len(missing)} texts to translate in {catalogue.file.name}")  # noqa: T201


if __name__ == "__main__":
    main()
