import re
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 400


def committed(*patterns: str) -> list[Path]:
    """Return the files that git knows, without those that another change has just removed."""
    done = subprocess.run(["git", "ls-files", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in map(ROOT.joinpath, done.stdout.splitlines()) if path.exists()]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout: its files are not known")


def test_no_file_is_longer_than_400_lines_without_saying_why() -> None:
    """Unless its first ten lines have the word “Long:” and the reason."""
    long = [
        name_of(path)
        for path in committed("*.py", "*.html", "*.css", "*.js")
        if "/migrations/" not in name_of(path)
        and len(lines := path.read_text().splitlines()) > LONGEST_FILE
        and not any("Long:" in line for line in lines[:10])
    ]
    assert long == []


def test_every_change_of_a_model_has_its_migration_and_each_has_a_name(db: None) -> None:
    output = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=output)
    assert output.getvalue() == "No changes detected\n"
    assert [name_of(path) for path in committed("*/migrations/*_auto_*.py")] == []


def test_every_template_is_used() -> None:
    """Its name is in another file (or its folder, where one of several is chosen), or a framework finds it itself."""
    own_rules = {"404.html", "500.html", "403.html", "403_csrf.html"}
    sources = {path: path.read_text() for path in committed("*.py", "*.html")}
    models = set(re.findall(r"^class (\w+)\(", "\n".join(sources.values()), re.MULTILINE))
    by_model = {re.sub(r"(?<!^)(?=[A-Z])", "_", model).lower() + ".html" for model in models}
    unused = []
    for path in sources:
        found = re.search(r"/templates/(.+\.html)$", str(path))
        if (
            not found
            or path.name in own_rules | by_model
            or found[1].startswith(("admin/", "wagtailadmin/", "wagtailusers/", "django/forms/"))
        ):
            continue
        # One of several in a folder, as in f"clinic/previews/{name}.html" or "services/drawings/"|add:value.
        chosen = re.compile(re.escape(found[1].rpartition("/")[0] + "/") + r'[{"]')
        if not any(found[1] in text or chosen.search(text) for other, text in sources.items() if other != path):
            unused.append(found[1])
    assert unused == []


@pytest.mark.parametrize("name", ["runtime", "production", "test", "lock"])
def test_every_requirement_says_why_and_is_locked_by_hash(name: str) -> None:
    asked = [
        line for line in (ROOT / f"requirements/{name}.in").read_text().splitlines() if line[:1] not in ("", "#", "-")
    ]
    assert [line for line in asked if not re.search(r"  +# \S", line)] == []
    compiled = (ROOT / ("requirements.txt" if name == "runtime" else f"requirements/{name}.txt")).read_text()
    packages = re.findall(r"^([a-z0-9._-]+)(?:\[.+\])?==.*\\\n +--hash=sha256:", compiled, re.MULTILINE | re.IGNORECASE)
    assert len(packages) == len(re.findall(r"^\S", compiled, re.MULTILINE))
    names = {re.split(r"[\[~=<> ]", line)[0].lower() for line in asked}
    assert names - {package.lower() for package in packages} == set()


def test_one_version_of_each_package_serves_all() -> None:
    versions: dict[str, set[str]] = {}
    for path in committed("requirements.txt", "requirements/*.txt"):
        for package, version in re.findall(r"^([\w.-]+)(?:\[.+\])?==([^ ;\\]+)", path.read_text(), re.MULTILINE):
            versions.setdefault(package, set()).add(version)
    assert {package: found for package, found in versions.items() if len(found) > 1} == {}


def test_the_repository_names_no_machine_and_no_package_index() -> None:
    private = re.compile(
        r"/(?:home|Users)/\w+|/root/|/work/|index-url|find-links|https?://[\w.]*(?:pypi|pythonhosted)\."
    )
    texts = [
        path for path in committed() if path.suffix in {".py", ".md", ".toml", ".txt", ".in", ".yaml", ".html", ""}
    ]
    found = {name_of(path) for path in texts if private.search(path.read_text(errors="ignore"))}
    # The lock is compiled with options that leave the addresses out.
    assert found - {"scripts/lock.py", "tests/test_house.py"} == set()


def test_the_docs_name_every_target_and_every_variable() -> None:
    docs = "\n".join(path.read_text() for path in committed("README.md", "docs/*.md"))
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert [target for target in targets if f"make {target}" not in docs] == []
    variables = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert [name for name in sorted(variables) if f"`{name}`" not in docs] == []
    sources = "\n".join(path.read_text() for path in committed("clinic/settings/*.py"))
    read = set(re.findall(r"(?:read_\w+|optional|required)\(\"([A-Z_]+)\"", sources))
    assert read - variables == set()


def test_every_link_in_the_docs_works() -> None:
    broken = [
        f"{name_of(path)}: {target}"
        for path in committed("*.md")
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text())
        if not (path.parent / target).exists()
    ]
    assert broken == []
