import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONGEST_README = 120
README = (ROOT / "README.md").read_text()
APPS = r"(?:clinic|contact|services)/[\w/.-]*"
# A file that README's “Where to change what” names → what it has to contain.
CONTENTS = {
    "contact/form/forms.py": "class EnquiryForm(",
    "contact/models/enquiry.py": "class Enquiry(",
    "contact/templates/contact/receipt.html": "receipt.reference",
    "contact/templates/contact/mail/patient_receipt.txt": "enquiry.reference",
    "contact/mail/messages.py": "def build_email(",
    "clinic/blocks/story.py": "class StoryBlock(",
    "services/blocks.py": "StoryBlock(",
    "services/models/review_task.py": "class ClinicalReviewTask",
    "services/claims.toml": "[rules.",
    "clinic/static/clinic/css/tokens.css": "--snow",
    "clinic/page_cache/invalidation.py": "post_save",
    "contact/mail/outbox.py": "not_before",
    "contact/monitoring/alarms.py": "UNDELIVERED",
    "contact/jobs.py": "JobSpec(",
    "contact/workflow/roles.toml": "[Reception]",
}
# They name the files that they add, and the test follows them.
RECIPES = (ROOT / "tests/test_adding.py").read_text()


def section(heading: str) -> str:
    return README[README.index(f"## {heading}") :].partition("\n## ")[0]


def test_the_readme_is_short_and_names_files_that_contain_what_can_be_changed_there() -> None:
    assert len(README.splitlines()) <= LONGEST_README
    named = set(re.findall(rf"`({APPS})`", section("Where to change what")))
    files = {path for path in named if (ROOT / path).is_file()}
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
    assert files == set(CONTENTS)
    assert [path for path, content in CONTENTS.items() if content not in (ROOT / path).read_text()] == []


def test_every_test_that_ci_repeats_on_postgresql_exists() -> None:
    listed = re.findall(r"^[^#:\s]+", (ROOT / "tests/on_postgresql.txt").read_text(), re.MULTILINE)
    assert listed
    assert [path for path in listed if not (ROOT / path).exists()] == []


def test_every_package_on_the_readmes_map_exists() -> None:
    app = ""
    missing = []
    for line in re.findall(r"```\n(clinic/ .*?)```", README, re.DOTALL)[0].splitlines():
        found = re.match(r"(?: *[a-z_]+(?:/|\.py)(?= |$))+", line)
        assert found, line
        names = found[0].split()
        if not line.startswith(" "):
            app, names = names[0], []
        missing += [app + name for name in names if not (ROOT / app / name).exists()]
    assert missing == []


@pytest.mark.parametrize("document", ["architecture", "editors", "staff", "privacy", "adding"])
def test_every_file_that_a_document_names_exists(document: str) -> None:
    named = set(re.findall(rf"`({APPS})`", (ROOT / f"docs/{document}.md").read_text()))
    assert [path for path in sorted(named) if not (ROOT / path).exists() and f'"{path}"' not in RECIPES] == []


def test_the_architecture_gives_the_order_of_imports_that_the_linter_checks() -> None:
    rows = dict(re.findall(r"^\| `(\w+)/` \| (.*) \|$", (ROOT / "docs/architecture.md").read_text(), re.MULTILINE))
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    checked = {contract["containers"][0]: contract["layers"] for contract in contracts if "containers" in contract}
    assert checked
    for app, (_entry_points, *layers) in checked.items():
        names = [set(re.findall(r"\w+", layer)) - {"templatetags"} for layer in layers]
        assert [set(re.findall(r"`(\w+)`", step)) for step in rows[app].split(" → ")] == list(filter(None, names)), app
