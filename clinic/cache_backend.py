"""The cache that several machines share, and that may be down: pages then take longer, and nobody meets an error."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import RedisError

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")


def unless_down(ask: Callable[[], Answer], otherwise: Answer) -> Answer:
    """Return what the cache answers, or `otherwise` where it does not."""
    try:
        return ask()
    except RedisError as error:
        logger.warning("The cache does not answer: %s.", type(error).__name__)
        return otherwise


class Client(RedisCacheClient):
    """Django's own; while the server is down it holds nothing and forgets everything."""

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        return unless_down(lambda: super(Client, self).add(key, value, timeout), otherwise=True)

    def get(self, key: Any, default: Any) -> Any:
        return unless_down(lambda: super(Client, self).get(key, default), otherwise=default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        unless_down(lambda: super(Client, self).set(key, value, timeout), otherwise=None)

    def delete(self, key: Any) -> bool:
        return unless_down(lambda: super(Client, self).delete(key), otherwise=False)

    def get_many(self, keys: Any) -> dict[Any, Any]:
        return unless_down(lambda: super(Client, self).get_many(keys), otherwise={})

    def set_many(self, data: Any, timeout: Any) -> None:
        unless_down(lambda: super(Client, self).set_many(data, timeout), otherwise=None)

    def delete_many(self, keys: Any) -> None:
        unless_down(lambda: super(Client, self).delete_many(keys), otherwise=None)

    def has_key(self, key: Any) -> bool:
        return unless_down(lambda: super(Client, self).has_key(key), otherwise=False)


class ForgivingRedisCache(RedisCache):
    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = Client
