"""Copies in memory, of one content version; when they are too many bytes, the least used goes first."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clinic.page_cache.copy import Copy
    from clinic.page_cache.key import Address


class Store:
    """`most_bytes` counts the bodies. Copies of searches have a quarter of it to themselves, so that a thousand
    made-up searches push out one another and no page.
    """

    def __init__(self, most_bytes: int) -> None:
        self._pages = _Shelf(most_bytes * 3 // 4)
        self._searches = _Shelf(most_bytes // 4)

    def get(self, address: Address) -> Copy | None:
        return (self._searches if address.query else self._pages).get(address)

    def put(self, address: Address, copy: Copy) -> None:
        (self._searches if address.query else self._pages).put(address, copy)

    def clear(self) -> None:
        self._pages.clear()
        self._searches.clear()

    @property
    def size(self) -> int:
        return self._pages.size + self._searches.size


class _Shelf:
    def __init__(self, most_bytes: int) -> None:
        self.size = 0
        self._most_bytes = most_bytes
        self._copies: OrderedDict[Address, Copy] = OrderedDict()
        self._lock = Lock()

    def get(self, address: Address) -> Copy | None:
        copy = self._copies.get(address)
        if copy is not None:
            with suppress(KeyError):  # another thread has just thrown it out: it is good all the same
                self._copies.move_to_end(address)
        return copy

    def put(self, address: Address, copy: Copy) -> None:
        with self._lock:
            old = self._copies.pop(address, None)
            self.size -= old.size if old else 0
            if copy.size > self._most_bytes:
                return
            self._copies[address] = copy
            self.size += copy.size
            while self.size > self._most_bytes:
                _address, thrown_out = self._copies.popitem(last=False)
                self.size -= thrown_out.size

    def clear(self) -> None:
        with self._lock:
            self._copies.clear()
            self.size = 0
