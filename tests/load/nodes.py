"""Two web nodes, two workers, one PostgreSQL: `python -m tests.load.nodes`, as root; needs nginx and PostgreSQL 15.

Each node is a network namespace with a gunicorn, a `DATA_DIR` and a link of its own; nginx is in front, pictures are in
a bucket (moto), and where pgbouncer is installed one node goes through it, in transaction mode. While patients send
enquiries without a pause, a page is published, a node is killed and cut off, PostgreSQL restarts, a second worker
starts by mistake, and both nodes are replaced one after the other. Prints how many enquiries and mails were lost or
doubled, and how often an answer was 5xx.
"""

import http.client
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from string import Template
from typing import Self

import boto3
import django
from django.db import connection

from tests.another_process import wait_until
from tests.contact.mail_server import MailServer
from tests.load import temporary_site
from tests.load.submissions import SEE_OTHER, SERVER_ERROR, send_one
from tests.load.temporary_site import HOST, ROOT, Worker, free_port, manage, run, running, status

POSTGRES = Path("/usr/lib/postgresql/15/bin")
PORT = 8000  # of gunicorn in each node
AS_POSTGRES = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")


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
    template = Template(Path(__file__).with_suffix(".conf").read_text())
    (folder / "nginx.conf").write_text(template.substitute(folder=folder, servers=servers, host=HOST, port=port))
    with running("nginx", "-c", str(folder / "nginx.conf"), log=folder / "nginx.out"):
        wait_until(lambda: status(HOST, "/healthz", port) == 200)
        yield


def body(host: str, path: str) -> str:
    connection = http.client.HTTPConnection(host, PORT, timeout=30)
    connection.request("GET", path, headers={"Host": HOST})
    return connection.getresponse().read().decode()


class Node:
    """A web server with its own network, at `address`; the machine around it is at `gateway`."""

    def __init__(self, name: str, number: int, folder: Path, database_port: int) -> None:
        self.folder, self.database_port = folder, database_port
        self.link, self.gateway, self.address = f"clinic-{name}", f"10.77.{number}.1", f"10.77.{number}.2"
        self.subnet = f"10.77.{number}.0/30"
        self.process: subprocess.Popen[bytes] | None = None

    @contextmanager
    def network(self) -> Iterator[None]:
        ip(f"netns add {self.link}")
        try:
            ip(f"link add {self.link} type veth peer name eth0 netns {self.link}")
            ip(f"addr add {self.gateway}/30 dev {self.link}")
            ip(f"-n {self.link} addr add {self.address}/30 dev eth0")
            # A node that is cut off is not looked for elsewhere, where a proxy may answer for any address (with 426).
            ip(f"route add unreachable {self.subnet} metric 4000")
            for device in ("eth0", "lo"):
                ip(f"-n {self.link} link set {device} up")
            self.connect("up")
            yield
        finally:
            self.stop(kill=True)
            ip(f"netns del {self.link}")
            ip(f"route del unreachable {self.subnet} metric 4000")

    def connect(self, how: str) -> None:
        """Connect it to its network (`up`), or cut it off (`down`)."""
        ip(f"link set {self.link} {how}")

    def settings(self) -> dict[str, str]:
        return {
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": f"postgres://postgres@{self.gateway}:{self.database_port}/clinic",
            "MEDIA_BUCKET_ENDPOINT": os.environ["MEDIA_BUCKET_ENDPOINT"].replace(HOST, self.gateway),
        }

    def start(self) -> None:
        command = ["ip", "netns", "exec", self.link, sys.executable, "-m", "gunicorn", "--config=gunicorn.conf.py"]
        command += [f"--bind={self.address}:{PORT}", "--max-requests=0", "clinic.wsgi"]
        log = (self.folder / "web.log").open("ab")
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | self.settings(), stdout=log, stderr=log, start_new_session=True
        )
        wait_until(lambda: status(self.address, "/healthz", PORT) == 200)

    def stop(self, *, kill: bool = False) -> None:
        if self.process is None:
            return
        os.killpg(self.process.pid, 9 if kill else 15)
        self.process.wait(timeout=60)
        self.process = None

    def replace(self) -> None:
        self.stop()
        self.start()

    def manage(self, *command: str) -> None:
        run("ip", "netns", "exec", self.link, sys.executable, "manage.py", *command, **self.settings())


def ip(command: str) -> None:
    run("ip", *command.split())


class Patients:
    """Threads that send one enquiry after another through nginx; each is sent again until it is accepted."""

    def __init__(self, port: int, clients: int) -> None:
        self.port, self.clients = port, clients
        self.accepted: list[int] = []
        self.answers: Counter[str] = Counter()
        self.moment = "all well"
        self.without_words = 0
        self._next = 0
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def __enter__(self) -> Self:
        self.threads = [threading.Thread(target=self._send_all) for _client in range(self.clients)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopped.set()
        for thread in self.threads:
            thread.join()

    def _send_all(self) -> None:
        while not self._stopped.is_set():
            with self._lock:
                self._next += 1
                number = self._next
            while (answer := send_one(self.port, number)).status != SEE_OTHER:
                self.answers[f"{answer.status or 'no answer'} ({self.moment})"] += 1
                self.without_words += answer.status >= SERVER_ERROR and not answer.has_words
                time.sleep(0.5)
            self.accepted.append(number)


def main() -> int:
    asked = temporary_site.arguments(__doc__, clients=4, seconds=5.0)  # how long each state lasts
    missing = [name for name in ("nginx", "ip", "setpriv") if not shutil.which(name)]
    if missing or not POSTGRES.exists() or os.geteuid():
        sys.exit(f"Needs root, PostgreSQL 15, and: {', '.join(missing) or 'nothing more'}.")
    with tempfile.TemporaryDirectory(prefix="clinic-nodes-") as name, ExitStack() as stack:
        folder, front = Path(name), free_port()
        folder.chmod(0o711)
        mail = stack.enter_context(MailServer())
        bucket = stack.enter_context(moto(folder))
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "clinic.settings.production", "SECRET_KEY": secrets.token_urlsafe(64),
            "ALLOWED_HOSTS": f"{HOST},10.77.1.2,10.77.2.2", "SITE_URL": f"http://{HOST}:{front}",
            "EMAIL_URL": f"smtp://{HOST}:{mail.port}", "DEFAULT_FROM_EMAIL": "clinic@example.org",
            "DATA_DIR": str(folder / "machine"), "MEDIA_BUCKET": "clinic", "MEDIA_BUCKET_ENDPOINT": bucket,
            "SERVE_MEDIA": "true", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_DEFAULT_REGION": "ca-central-1",
        }  # fmt: skip
        database = Postgres(folder / "postgres")
        stack.callback(database.control, "stop")
        database.create()
        os.environ["DATABASE_URL"] = f"postgres://postgres@{HOST}:{database.port}/clinic"
        pool = stack.enter_context(pgbouncer(folder, database.port))
        nodes = [Node("a", 1, folder / "a", pool or database.port), Node("b", 2, folder / "b", database.port)]
        for node in nodes:
            node.folder.mkdir()
            stack.enter_context(node.network())
        return drill(nodes, database, mail, stack, asked.clients, asked.seconds, through_pool=bool(pool))


def drill(
    nodes: list[Node], database: Postgres, mail: MailServer, stack: ExitStack, clients: int, seconds: float,
    *, through_pool: bool,
) -> int:  # fmt: skip
    boto3.client("s3", endpoint_url=os.environ["MEDIA_BUCKET_ENDPOINT"]).create_bucket(
        Bucket="clinic", CreateBucketConfiguration={"LocationConstraint": "ca-central-1"}
    )
    manage("migrate", "-v0")
    manage("load_demo")
    for node in nodes:
        node.manage("collectstatic", "--no-input", "-v0")
        node.start()
    django.setup()
    temporary_site.allow_any_number()
    front = int(os.environ["SITE_URL"].rpartition(":")[2])
    first, second = nodes
    stack.enter_context(nginx(first.folder.parent, [first.address, second.address], front))
    stack.enter_context(Worker())
    with Patients(front, clients) as patients:
        time.sleep(seconds)
        shown_after = publish(first, second)
        # Through the pool, where there is one.
        pool = first.settings()["DATABASE_URL"].replace(first.gateway, HOST)
        moments: dict[str, list[Callable[[], object]]] = {
            "a node is killed": [lambda: first.stop(kill=True), first.start],
            "a node is cut off": [lambda: second.connect("down"), lambda: second.connect("up")],
            "a second worker": [lambda: stack.enter_context(Worker())],
            "PostgreSQL restarts": [lambda: database.control("restart")],
            "nodes are replaced": [first.replace, second.replace],
            "all well again": [lambda: manage("prove_enquiries", DATABASE_URL=pool)],
        }
        for patients.moment, steps in moments.items():
            for step in steps:
                step()
                time.sleep(seconds)
    return report(patients, mail, shown_after, through_pool=through_pool)


def publish(first: Node, second: Node) -> float:
    """Change a page on one node; return the seconds until the other one shows it."""
    title = f"About us {secrets.token_hex(4)}"
    body(second.address, "/about/")
    first.manage("shell", "-v0", "-c", "from clinic.models import StandardPage as S\np = S.objects.get(slug='about')\n"
                 f"p.title = '{title}'\np.save_revision().publish()\nprint()")  # fmt: skip
    published = time.monotonic()
    wait_until(lambda: title in body(second.address, "/about/"))
    return time.monotonic() - published


def report(patients: Patients, mail: MailServer, shown_after: float, *, through_pool: bool) -> int:
    from contact.models import Enquiry, Message  # noqa: PLC0415  Django is set up by now

    connection.close()  # PostgreSQL has been restarted
    deadline = time.monotonic() + 300
    while Message.objects.unsent().exists() and time.monotonic() < deadline:
        Message.objects.unsent().update(not_before="2020-01-01T00:00Z")
        time.sleep(1)
    stored = Counter(Enquiry.objects.values_list("name", flat=True))
    lost = sum(f"Sample {number}" not in stored for number in patients.accepted)
    doubled = sum(count - 1 for count in stored.values())
    messages = set(Message.objects.exclude(message_id="").values_list("message_id", flat=True))
    unsent = len(messages - set(mail.taken))
    # A mail is sent again if the database went away before it could say that it was sent.
    copies = mail.taken.total() - len(mail.taken)
    outside = {what: count for what, count in patients.answers.items() if "PostgreSQL" not in what}
    sys.stdout.write(
        f"{len(patients.accepted)} enquiries accepted, {lost} lost, {doubled} doubled;"
        f" {len(messages)} mails, {unsent} not delivered, {copies} delivered twice\n"
        f"5xx or no answer: {dict(patients.answers) or 'none'}; without the typed words: {patients.without_words}\n"
        f"a change was seen on the other node after {shown_after:.2f} s;"
        f" one node went through pgbouncer: {'yes' if through_pool else 'no, it is not installed'}\n"
    )
    return 1 if lost or doubled or unsent or copies > 1 or outside or patients.without_words else 0


if __name__ == "__main__":
    sys.exit(main())
