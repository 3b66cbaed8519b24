"""Seals: sizes and SHA-256 digests recorded beside a product of the cache when it was made.

A product that was cut short or changed on disk is found by them and made again. Sizes are compared
at every use, content only when something failed: hashing all of the cache takes seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from local.files import sha256_of, write_if_changed

_SUFFIX = ".seal"


def put_in_place(new: Path, product: Path) -> None:
    """Seals a file that has just been made and gives it its name; a kill between leaves neither."""
    forget(product)
    _seal(product, new)
    new.replace(product)


def seal_of(product: Path) -> Path:
    return product.with_name(product.name + _SUFFIX)


def is_present(product: Path) -> bool:
    """Whether the file is there with its recorded size. One without a seal is sealed as it is."""
    if not product.exists():
        return False
    if not seal_of(product).exists():
        _seal(product, product)
    return product.stat().st_size == _recorded(product).get("bytes")


def is_whole(product: Path) -> bool:
    """Whether the file's content is the recorded one."""
    return is_present(product) and sha256_of(product) == _recorded(product).get("sha256")


def remove_damaged(products: Iterable[Path]) -> list[Path]:
    """Removes the files whose content is not what was made, so that they are made again."""
    damaged = [product for product in products if product.exists() and not is_whole(product)]
    for product in damaged:
        forget(product)
    return damaged


def forget(product: Path) -> None:
    """Removes a product and its seal."""
    product.unlink(missing_ok=True)
    seal_of(product).unlink(missing_ok=True)


def _seal(product: Path, content: Path) -> None:
    record = {"bytes": content.stat().st_size, "sha256": sha256_of(content)}
    write_if_changed(seal_of(product), json.dumps(record))


def _recorded(product: Path) -> dict[str, object]:
    try:
        record = json.loads(seal_of(product).read_text())
    except ValueError:  # a damaged seal vouches for nothing
        return {}
    return record if isinstance(record, dict) else {}
