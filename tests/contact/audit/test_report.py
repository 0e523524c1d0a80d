"""The audit as a page: dated, whole, without a patient in it, and readable by its owner alone."""

from __future__ import annotations

import stat
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from contact.privacy.audit import report
from contact.privacy.audit.finding import Finding
from tests import factories
from tests.contact.factories import make_enquiry
from tests.markup import Markup

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

pytestmark = pytest.mark.django_db

GOOD = Finding("Doors", "Whether they close.", ["They do"])
BAD = Finding("Windows", "Whether they close.", ["They <do> not"], "Close them.")


def run(*options: str) -> str:
    said = StringIO()
    call_command("audit_safeguards", *options, stdout=said)
    return said.getvalue()


def test_what_falls_short_stands_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "CHECKS", (lambda _now: GOOD, lambda _now: BAD))
    html = report.audit().as_html()
    assert html.index("Windows") < html.index("What holds") < html.index("Doors")
    assert "To do: Close them." in html
    assert "They &lt;do&gt; not" in html


def test_every_check_can_look(caplog: pytest.LogCaptureFixture) -> None:
    factories.make_clinic()
    findings = report.audit().findings
    assert len({finding.title for finding in findings}) == len(report.CHECKS)
    assert [finding.title for finding in findings if finding.checked == "Could not be looked at."] == []
    assert all(finding.found for finding in findings)
    assert "could not look" not in caplog.text


def test_a_check_that_fails_is_a_finding_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def the_roof(_now: Any) -> Finding:
        raise ValueError("Sam Sample lives there")

    monkeypatch.setattr(report, "CHECKS", (the_roof, lambda _now: GOOD))
    audit = report.audit()
    assert [finding.title for finding in audit.short] == ["The roof"]
    assert "Sam" not in audit.as_html()


def test_no_patient_is_in_it() -> None:
    enquiry = make_enquiry(
        name="Sam Sample", email="sam@example.com", phone="867-555-0199", message="My knee", legal_hold=True
    )
    html = report.audit().as_html()
    for words in ("Sam Sample", "sam@example.com", "555-0199", "My knee", enquiry.reference):
        assert words not in html


def test_it_needs_nothing_else_to_be_read() -> None:
    html = report.audit().as_html()
    page = Markup(html)
    outside = [values for _tag, values in page.elements if "src" in values or "href" in values]
    assert outside == []
    assert "<script" not in html
    assert "@media print" in html


def test_the_report_goes_to_the_state_folder_with_its_date(settings: Settings, tmp_path: Path) -> None:
    settings.STATE_DIR = tmp_path
    said = run()
    [target] = (tmp_path / "audits").iterdir()
    assert target.name == f"audit-{timezone.localdate():%Y-%m-%d}.html"
    assert str(target) in said
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_the_report_goes_where_it_is_asked_to(tmp_path: Path) -> None:
    target = tmp_path / "audit.html"
    target.touch(mode=0o644)
    said = run("--output", str(target))
    assert "Audit of safeguards" in target.read_text()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert "Falls short: Backups." in said


def test_a_report_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="could not be written"):
        run("--output", str(tmp_path / "nowhere" / "audit.html"))


def test_strictly_what_falls_short_ends_with_two(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    options = ("--strict", "--output", str(tmp_path / "audit.html"))
    monkeypatch.setattr(report, "CHECKS", (lambda _now: GOOD,))
    assert "0 fall short, 1 hold" in run(*options)
    monkeypatch.setattr(report, "CHECKS", (lambda _now: BAD,))
    with pytest.raises(SystemExit) as ended:
        run(*options)
    assert ended.value.code == 2
