"""Ask once a week whether the addresses that pages link to still answer: politely, and only public hosts."""

import time
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from requests import RequestException
from requests.exceptions import InvalidSchema, SSLError, TooManyRedirects
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress

from clinic.models import ContentVersion
from contact.models import Job
from contact.monitoring.scheduler import JobSpec
from services.checks.pages import addresses_on, check_site, published_pages
from services.models.check import ExternalLink

CHECK_CONTENT = "check_content"
ASK_EVERY = timedelta(days=7)
SECONDS, SECONDS_BETWEEN = 10.0, 1.0
MOST_IN_A_RUN, MOST_REDIRECTS = 40, 5
LONGEST_ADDRESS = 600
NO_ANSWER = "there was no answer"
GONE = {404: "there is no such page", 410: "the page was removed"}
# Nothing in a private network is asked on behalf of a page's text.
HTTP = Config(
    ip_filter_enable=True,
    ip_filter_allow_loopback_ips=False,
    never_redirect=False,
    default_timeout=(SECONDS, SECONDS),
    user_agent_override=f"Clinic-Link-Check/1.0 (+{settings.SITE_URL}; once a week)",
)


def problem_of(url: str) -> str:
    """Return why readers cannot open the address; empty when they can, or when the host does not let robots know."""
    with HTTPSession(HTTP) as session:
        session.trust_env, session.max_redirects = False, MOST_REDIRECTS
        try:
            response = session.head(url, allow_redirects=True)
            if not response.ok:  # some hosts only answer GET; no body is read, not even that of a redirect
                response = session.get(response.url, stream=True, allow_redirects=False)
        except (InvalidIPAddress, InvalidSchema):
            return "this is no public web address"
        except TooManyRedirects:
            return "it redirects in a circle"
        except SSLError:
            return "the certificate is not valid"
        except (OSError, RequestException, ValueError):
            return NO_ANSWER
    return GONE.get(response.status_code, "")


def check_links() -> str:
    """Ask for the addresses on published pages that were not asked for in a week."""
    urls = {url for page in published_pages() for url in addresses_on(page) if len(url) <= LONGEST_ADDRESS}
    ExternalLink.objects.exclude(url__in=urls).delete()
    known = set(ExternalLink.objects.values_list("url", flat=True))
    ExternalLink.objects.bulk_create([ExternalLink(url=url) for url in urls - known], ignore_conflicts=True)
    due = ExternalLink.objects.filter(Q(asked_at=None) | Q(asked_at__lte=timezone.now() - ASK_EVERY))
    found: dict[int, str] = {}
    for count, link in enumerate(due.order_by("asked_at")[:MOST_IN_A_RUN]):
        time.sleep(SECONDS_BETWEEN if count else 0)
        # Before the request: if the worker dies, no one is asked twice.
        ExternalLink.objects.filter(pk=link.pk).update(asked_at=timezone.now())
        found[link.pk] = problem_of(link.url)
    # If none of several addresses answers, it is this server that is offline.
    if len(found) == 1 or set(found.values()) != {NO_ANSWER}:
        for pk, problem in found.items():
            ExternalLink.objects.filter(pk=pk).update(problem=problem)
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
