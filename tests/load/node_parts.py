"""What stands around the nodes of `tests.load.nodes`: PostgreSQL, pgbouncer, a bucket, nginx and the workers."""

import http.client
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.another_process import wait_until
from tests.load.temporary_site import HOST, free_port, run, running, status

POSTGRES = Path("/usr/lib/postgresql/15/bin")
PORT = 8000  # of gunicorn in each node
AS_POSTGRES = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; user root; worker_processes 1;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}; proxy_temp_path {folder};
    upstream site {{ {servers} }}
    server {{
        listen {host}:{port};
        location / {{
            proxy_pass http://site;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $http_x_forwarded_for;
            proxy_connect_timeout 2s;
            proxy_read_timeout 15s;
            # The same enquiry again within ten minutes gets the same receipt, so it may be sent to the other node.
            proxy_next_upstream error timeout non_idempotent;
            # max_fails=0 above: a node that answers again is asked again at once, as when both are replaced in turn.
        }}
    }}
}}
"""


class Postgres:
    """A server of its own, which the nodes reach too."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()

    def create(self) -> None:
        self.folder.mkdir()
        shutil.chown(self.folder, "postgres", "postgres")
        run(*AS_POSTGRES, POSTGRES / "initdb", "--auth=trust", "--username=postgres", "-D", self.folder)
        with (self.folder / "pg_hba.conf").open("a") as access:
            access.write("host all all 10.77.0.0/16 trust\n")
        self.control("start")
        run(*AS_POSTGRES, POSTGRES / "createdb", f"--host={HOST}", f"--port={self.port}", "clinic")

    def control(self, what: str) -> None:
        options = f"-p {self.port} -h 0.0.0.0 -k {self.folder}"
        log = f"--log={self.folder / 'log'}"
        run(*AS_POSTGRES, POSTGRES / "pg_ctl", "-w", "-m", "fast", "-D", self.folder, "-o", options, log, what)


@contextmanager
def pgbouncer(folder: Path, database_port: int) -> Iterator[int]:
    """Start pgbouncer in transaction mode; yield its port, or 0 where it is not installed."""
    if not shutil.which("pgbouncer"):
        yield 0
        return
    port = free_port()
    (folder / "users.txt").write_text('"postgres" ""\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\nclinic = host={HOST} port={database_port} user=postgres\n[pgbouncer]\nlisten_addr = 0.0.0.0\n"
        f"listen_port = {port}\nauth_type = any\nauth_file = {folder}/users.txt\npool_mode = transaction\n"
        f"ignore_startup_parameters = extra_float_digits\nunix_socket_dir =\n"
    )
    for name in ("users.txt", "pgbouncer.ini"):
        (folder / name).chmod(0o644)
    with running(*AS_POSTGRES, "pgbouncer", "-q", str(folder / "pgbouncer.ini"), log=folder / "pgbouncer.log"):
        yield port


@contextmanager
def moto(folder: Path) -> Iterator[str]:
    """Start a server that speaks S3, from PyPI; yield its address."""
    port = free_port()
    packages = folder / "moto"
    run(sys.executable, "-m", "venv", packages)
    run(packages / "bin" / "pip", "install", "--quiet", "moto[server]")
    with running(str(packages / "bin" / "moto_server"), "-H", "0.0.0.0", "-p", str(port), log=folder / "moto.log"):  # noqa: S104
        wait_until(lambda: status(HOST, "/moto-api/", port) > 0)
        yield f"http://{HOST}:{port}"


@contextmanager
def nginx(folder: Path, addresses: list[str], port: int) -> Iterator[None]:
    servers = " ".join(f"server {address}:{PORT} max_fails=0;" for address in addresses)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, servers=servers, host=HOST, port=port))
    with running("nginx", "-c", str(folder / "nginx.conf"), log=folder / "nginx.out"):
        wait_until(lambda: status(HOST, "/healthz", port) == 200)
        yield


def body(host: str, path: str) -> str:
    connection = http.client.HTTPConnection(host, PORT, timeout=30)
    connection.request("GET", path, headers={"Host": HOST})
    return connection.getresponse().read().decode()
