"""Ask once a week whether the addresses that pages link to still answer: politely, and only public hosts."""

import socket
import ssl
import time
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from clinic.models import ContentVersion
from contact.models import Job
from contact.monitoring.scheduler import JobSpec
from services.checks import addresses_on, check_site, published_pages
from services.models.check import ExternalLink

CHECK_CONTENT = "check_content"
ASK_EVERY = timedelta(days=7)
SECONDS, SECONDS_BETWEEN = 10.0, 1.0
MOST_IN_A_RUN, MOST_REDIRECTS = 40, 5
LONGEST_ADDRESS = 600
PORTS = {None, 80, 443}
GLOBAL_IPV6 = ip_network("2000::/3")
GONE = {404: "there is no such page", 410: "the page was removed"}
REDIRECTS = {301, 302, 303, 307, 308}


class PrivateAddressError(OSError):
    """A host of a private network: nothing of ours is asked on behalf of a page's text."""


def is_public(address: str) -> bool:
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):  # 6to4 and Teredo lead to IPv4 addresses
        return ip in GLOBAL_IPV6 and ip.is_global and not (ip.sixtofour or ip.teredo)
    return ip.is_global and not ip.is_multicast


def public_socket(host: str, port: int) -> socket.socket:
    """Connect to an address that was checked: asked again, a name server could answer with another."""
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not all(map(is_public, found)):
        raise PrivateAddressError
    return socket.create_connection((found[0], port), SECONDS)


class PublicConnection(HTTPConnection):
    def connect(self) -> None:
        self.sock = public_socket(self.host, self.port)


class PublicSecureConnection(HTTPSConnection):
    def connect(self) -> None:
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(public_socket(self.host, self.port), server_hostname=self.host)


def ask(method: str, url: str) -> tuple[int, str]:
    """Return the status, and where the response redirects to. The body is not read."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or parts.port not in PORTS or not parts.hostname:
        raise PrivateAddressError
    kind = PublicSecureConnection if parts.scheme == "https" else PublicConnection
    connection = kind(parts.hostname, parts.port, timeout=SECONDS)
    try:
        target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        agent = f"Clinic-Link-Check/1.0 (+{settings.SITE_URL}; once a week)"
        connection.request(method, target, headers={"User-Agent": agent, "Accept": "*/*", "Connection": "close"})
        response = connection.getresponse()
        location = response.getheader("Location", "") if response.status in REDIRECTS else ""
        return response.status, urljoin(url, location) if location else ""
    finally:
        connection.close()


def problem_of(url: str) -> str:
    """Return why readers cannot open the address; empty when they can, or when the host does not let robots know."""
    try:
        for _turn in range(MOST_REDIRECTS):
            status, target = ask("HEAD", url)
            if not target and status >= 400:  # noqa: PLR2004  any error: some hosts only answer GET
                status, target = ask("GET", url)
            if not target:
                return GONE.get(status, "")
            url = target
    except PrivateAddressError:
        return "this is no public web address"
    except (OSError, HTTPException, ValueError) as error:
        return "the certificate is not valid" if isinstance(error, ssl.SSLError) else "there was no answer"
    return "it redirects in a circle"


def check_links() -> str:
    """Ask for the addresses on published pages that were not asked for in a week."""
    urls = {url for page in published_pages() for url in addresses_on(page) if len(url) <= LONGEST_ADDRESS}
    ExternalLink.objects.exclude(url__in=urls).delete()
    known = set(ExternalLink.objects.values_list("url", flat=True))
    ExternalLink.objects.bulk_create([ExternalLink(url=url) for url in urls - known], ignore_conflicts=True)
    due = ExternalLink.objects.filter(Q(asked_at=None) | Q(asked_at__lte=timezone.now() - ASK_EVERY))
    for count, link in enumerate(due.order_by("asked_at")[:MOST_IN_A_RUN]):
        time.sleep(SECONDS_BETWEEN if count else 0)
        # Before the request: if the worker dies, no one is asked twice.
        ExternalLink.objects.filter(pk=link.pk).update(asked_at=timezone.now())
        ExternalLink.objects.filter(pk=link.pk).update(problem=problem_of(link.url))
    return f"{len(urls)} known"


def check_content() -> str:
    """Check the site again if anything was published since last time, or a day began: licences and reviews run out."""
    state = {"content_version": ContentVersion.current(), "day": str(timezone.localdate())}
    jobs = Job.objects.filter(name=CHECK_CONTENT)
    if jobs.filter(state=state).exists():
        return "nothing new"
    jobs.update(state=state)
    return f"{len(check_site())} problems"


JOBS = [
    JobSpec(
        "check_links", check_links, every=timedelta(hours=1), lease=timedelta(minutes=30), patience=None,
        title="Ask whether the sites that pages link to still answer",
    ),
    JobSpec(
        CHECK_CONTENT, check_content, every=timedelta(minutes=2), lease=timedelta(minutes=30),
        title="Check published pages for the content health report",
    ),
]  # fmt: skip
