"""A rendered page in each encoding, ready to be sent."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from time import time
from typing import Self
from wsgiref.types import StartResponse, WSGIEnvironment

import brotli
from django.utils.http import parse_http_date_safe

Headers = list[tuple[str, str]]

# Browsers ask each time and usually get 304; a CDN is at most a minute late without a purge.
CACHE_CONTROL = "public, max-age=0, s-maxage=60, stale-while-revalidate=30, stale-if-error=86400"
# For pages with a query: what someone searches for or asks about is health information, not to be stored on the way.
CACHE_CONTROL_OF_QUERIES = "private, max-age=0"
# On the longest page brotli 10 costs 25 ms once, 13 ms more than 9, for 7 % fewer bytes; 11 costs 70 ms for 2 % more.
BROTLI_QUALITY = 10
GZIP_LEVEL = 9
HEADERS_OF_A_BODY = {"content-length", "content-encoding", "etag", "vary"}
HEADERS_OF_NOT_MODIFIED = {"cache-control", "content-location", "expires", "etag", "vary"}


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """`version`: the content version it was rendered from; `expires_at`, `rendered_at`: seconds since 1970; `bodies`
    and `headers`: by encoding.
    """

    version: str
    expires_at: float
    rendered_at: float
    bodies: dict[str, bytes]
    headers: dict[str, Headers]
    size: int

    @classmethod
    def build(
        cls, content: bytes, headers: Headers, *, version: str, expires_at: float, rendered_at: float | None = None
    ) -> Self:
        """Return the response with this uncompressed content and these headers of Django's."""
        packed = [
            ("gzip", gzip.compress(content, GZIP_LEVEL, mtime=0)),
            ("br", brotli.compress(content, quality=BROTLI_QUALITY)),
        ]
        bodies = {"identity": content} | {encoding: body for encoding, body in packed if len(body) < len(content)}
        digest = hashlib.sha256(content).hexdigest()[:24]
        shared = [pair for pair in headers if pair[0].lower() not in HEADERS_OF_A_BODY]
        shared += [("Vary", "Accept-Encoding")]
        by_encoding: dict[str, Headers] = {}
        for encoding, body in bodies.items():
            own = [("ETag", f'"{digest}-{encoding}"'), ("Content-Length", str(len(body)))]
            own += [] if encoding == "identity" else [("Content-Encoding", encoding)]
            by_encoding[encoding] = shared + own
        return cls(version, expires_at, rendered_at or time(), bodies, by_encoding, sum(map(len, bodies.values())))

    def send(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        """Answer a GET or HEAD request: with 304 if the browser has this content."""
        encoding = best_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        encoding = encoding if encoding in self.bodies else "identity"
        headers = self.headers[encoding]
        if is_known(environ, dict(headers)):
            start_response("304 Not Modified", [pair for pair in headers if pair[0].lower() in HEADERS_OF_NOT_MODIFIED])
            return []
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.bodies[encoding]]


def is_known(environ: WSGIEnvironment, headers: dict[str, str]) -> bool:
    """Say whether the browser has the content with these headers (RFC 9110: a date counts only without ETags)."""
    known, since = environ.get("HTTP_IF_NONE_MATCH"), environ.get("HTTP_IF_MODIFIED_SINCE")
    if known:
        # ETags are quoted, so that one is found whole in a list, whether or not a proxy has marked it as weak.
        return known.strip() == "*" or headers["ETag"] in known
    changed, since = parse_http_date_safe(headers.get("Last-Modified", "")), parse_http_date_safe(since or "")
    return changed is not None and since is not None and changed <= since


@lru_cache(maxsize=256)
def best_encoding(accepted: str) -> str:
    """Return `br`, `gzip` or `identity` for this `Accept-Encoding`."""
    parts = [part.partition(";q=") for part in accepted.lower().replace(" ", "").split(",")]
    names = {name for name, _mark, weight in parts if weight.strip("0.") or not weight}
    return next((encoding for encoding in ("br", "gzip") if encoding in names), "identity")
