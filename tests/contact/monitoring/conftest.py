import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest


class WebServer(HTTPServer):
    """Records each request, and answers all of them with the same status and page."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.status, self.html = 200, ""
        self.paths: list[str] = []
        self.received: list[dict[str, Any]] = []


class _Handler(BaseHTTPRequestHandler):
    server: WebServer

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        if length := self.headers["Content-Length"]:
            self.server.received.append(json.loads(self.rfile.read(int(length))))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(self.server.html.encode())

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def web_server() -> Iterator[WebServer]:
    with WebServer() as server:
        Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield server
        server.shutdown()
