"""Two web nodes, two workers, one PostgreSQL: `python -m tests.load.nodes`, as root; needs nginx and PostgreSQL 15.

Each node is a network namespace with a gunicorn, a `DATA_DIR` and a link of its own; nginx is in front, pictures are in
a bucket (moto), and where pgbouncer is installed one node goes through it, in transaction mode. While patients send
enquiries without a pause, a page is published, a node is killed and cut off, PostgreSQL restarts, a second worker
starts by mistake, and both nodes are replaced one after the other. Prints how many enquiries and mails were lost or
doubled, and how often an answer was 5xx.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import boto3
import django
from django.db import connection

from tests.another_process import wait_until
from tests.contact.mail_server import MailServer
from tests.load.node_parts import PORT, POSTGRES, Postgres, body, moto, nginx, pgbouncer
from tests.load.submissions import SEE_OTHER, SERVER_ERROR, send_one
from tests.load.temporary_site import (
    HOST,
    ROOT,
    Worker,
    allow_any_number,
    arguments,
    free_port,
    manage,
    run,
    status,
)


@dataclass
class Node:
    """A web server with its own network, at `address`; the machine around it is at `gateway`."""

    name: str
    number: int
    folder: Path
    database_port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def gateway(self) -> str:
        return f"10.77.{self.number}.1"

    @property
    def address(self) -> str:
        return f"10.77.{self.number}.2"

    @property
    def link(self) -> str:
        return f"clinic-{self.name}"

    @contextmanager
    def network(self) -> Iterator[None]:
        inside = ("ip", "-n", self.link)
        run("ip", "netns", "add", self.link)
        try:
            run("ip", "link", "add", self.link, "type", "veth", "peer", "name", "eth0", "netns", self.link)
            run("ip", "addr", "add", f"{self.gateway}/30", "dev", self.link)
            run("ip", "link", "set", self.link, "up")
            run(*inside, "addr", "add", f"{self.address}/30", "dev", "eth0")
            run(*inside, "link", "set", "eth0", "up")
            run(*inside, "link", "set", "lo", "up")
            yield
        finally:
            self.stop(kill=True)
            run("ip", "netns", "del", self.link)

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

    def manage(self, *command: str) -> None:
        run("ip", "netns", "exec", self.link, sys.executable, "manage.py", *command, **self.settings())


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
    asked = arguments(__doc__, clients=4, seconds=5.0)  # how long each state lasts
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
    allow_any_number()
    front = int(os.environ["SITE_URL"].rpartition(":")[2])
    first, second = nodes
    stack.enter_context(nginx(first.folder.parent, [first.address, second.address], front))
    stack.enter_context(Worker())
    with Patients(front, clients) as patients:
        time.sleep(seconds)
        shown_after = publish(first, second)
        patients.moment = "a node is killed"
        first.stop(kill=True)
        time.sleep(seconds)
        first.start()
        patients.moment = "a node is cut off"
        run("ip", "link", "set", second.link, "down")
        time.sleep(seconds)
        run("ip", "link", "set", second.link, "up")
        time.sleep(seconds)
        patients.moment = "a second worker"
        stack.enter_context(Worker())
        time.sleep(seconds)
        patients.moment = "PostgreSQL restarts"
        database.control("restart")
        time.sleep(seconds)
        patients.moment = "nodes are replaced"
        for node in nodes:
            node.stop()
            node.start()
        time.sleep(seconds)
        patients.moment = "all well again"
        # Through the pool, where there is one.
        manage("prove_enquiries", DATABASE_URL=first.settings()["DATABASE_URL"].replace(first.gateway, HOST))
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
    lines = [
        (
            f"{len(patients.accepted)} enquiries accepted, {lost} lost, {doubled} doubled;"
            f" {len(messages)} mails, {unsent} not delivered, {copies} delivered twice"
        ),
        f"5xx or no answer: {dict(patients.answers) or 'none'}; without the typed words: {patients.without_words}",
        (
            f"a change was seen on the other node after {shown_after:.2f} s;"
            f" one node went through pgbouncer: {'yes' if through_pool else 'no, it is not installed'}"
        ),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if lost or doubled or unsent or copies > 1 or outside or patients.without_words else 0


if __name__ == "__main__":
    sys.exit(main())
