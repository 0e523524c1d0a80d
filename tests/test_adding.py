import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from tests import migrated_database

ROOT = Path(__file__).resolve().parents[1]
FENCE = re.compile(r"^( *)```(?:python|django|css|toml)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)

# What the copy is asked once it has everything from the recipes.
QUESTIONS = """
import importlib

from django.core.management import call_command
from django.test import Client
from wagtail.models import Page

from clinic.models import HomePage, NewsPage
from contact import jobs
from contact.mail import messages
from contact.models import Enquiry, Job, Message
from contact.models.message import MessageType
from contact.monitoring import scheduler
from services.claims import find_claims

call_command("makemigrations", "clinic", "contact", "services", name="recipes", verbosity=0)
importlib.invalidate_caches()
call_command("migrate", verbosity=0)
call_command("check")

typed = {"name": "Sam", "email": "sam@example.com", "preferred_contact": "email", "topic": "other"}
answer = Client().post("/enquiry/", typed | {"referred_by": "Dr. Birch"})
assert answer.status_code == 303, answer.content
enquiry = Enquiry.objects.get(referred_by="Dr. Birch")

page = NewsPage(title="We moved", introduction="A new address.", body=[("tip", {"text": "Bring loose clothes."})])
HomePage.objects.get().add_child(instance=page)
html = Client().get(page.url).content.decode()
assert '<p class="tip">Bring loose clothes.</p>' in html and "<h1" in html and ".tip{" in html, html

[spec] = [spec for spec in jobs.job_specs() if spec.name == "rebuild_references"]
assert spec.work() == "done"

assert [claim.rule for claim in find_claims("At our clinic there is no waiting list.")] == ["waiting_time"]

message = Message.objects.create(enquiry=enquiry, kind=MessageType.FOLLOW_UP, recipient=enquiry.email)
mail = messages.build_email(message)
assert mail.subject == f"Your enquiry {enquiry.reference}"
assert enquiry.reference in mail.body and "Sam" not in mail.body
print("every recipe works")
"""


def recipes() -> dict[str, list[str]]:
    """Return the code of each recipe, by its heading."""
    text = (ROOT / "docs/adding.md").read_text()
    return {
        part.partition("\n")[0]: [dedent(code).strip("\n") for _indent, code in FENCE.findall(part)]
        for part in text.split("\n## ")[1:]
    }


def insert(file: Path, after: str, code: str) -> None:
    """Put the code below the line that begins with `after` (and its docstring), indented like what follows it."""
    found = re.search(rf'^( *){re.escape(after)}[^\n]*\n( *""".*?"""\n+)?', file.read_text(), re.MULTILINE | re.DOTALL)
    assert found, f"{file} has no line {after}"
    indented = "".join(f"{found[1]}    {line}\n" for line in code.splitlines())
    text = file.read_text()
    file.write_text(text[: found.end()] + indented + text[found.end() :])


def append(file: Path, code: str) -> None:
    file.write_text(f"{file.read_text() if file.exists() else ''}\n\n{code}\n")


def follow_the_recipes(copy: Path) -> None:
    field, block, page, job, claim, mail = filter(None, recipes().values())
    insert(copy / "contact/form/forms.py", "class EnquiryForm(", field[0])
    insert(copy / "contact/models/enquiry.py", "class Enquiry(", field[1])

    append(copy / "clinic/blocks/text.py", block[0])
    (copy / "clinic/templates/clinic/blocks/tip.html").write_text(block[1])
    story = copy / "clinic/blocks/story.py"
    story.write_text(story.read_text().replace("    CalloutBlock,\n", "    CalloutBlock,\n    TipBlock,\n"))
    insert(story, "class StoryBlock(", block[2])
    (copy / "clinic/static/clinic/css/components/tip.css").write_text(block[3])

    append(copy / "clinic/models/news.py", page[0])
    append(copy / "clinic/models/__init__.py", "from clinic.models.news import NewsPage")
    (copy / "clinic/templates/clinic/news_page.html").write_text(page[1])

    insert(copy / "contact/jobs.py", "return [", f"{job[0]},")
    append(copy / "services/claims.toml", claim[0])

    insert(copy / "contact/models/message.py", "class MessageType(", mail[0])
    templates = copy / "contact/templates/contact/mail"
    (templates / "follow_up_subject.txt").write_text("Your enquiry {{ enquiry.reference }}")
    (templates / "follow_up.txt").write_text(mail[1])


def test_a_copy_of_the_project_follows_every_recipe(tmp_path: Path) -> None:
    copy = tmp_path / "site"
    for app in ("clinic", "services", "contact"):
        shutil.copytree(ROOT / app, copy / app, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", copy)
    follow_the_recipes(copy)
    database = tmp_path / "clinic.sqlite3"
    with migrated_database.alone():
        shutil.copy(migrated_database.sqlite_file(), database)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")} | {
        "DATABASE_URL": f"sqlite:///{database}",
        "DATA_DIR": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "clinic.settings.test",
        "PYTHONPATH": str(copy),
    }

    (copy / "questions.py").write_text(QUESTIONS)
    command = [sys.executable, "manage.py", "shell", "--command=import questions"]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert "every recipe works" in done.stdout, done.stdout + done.stderr
