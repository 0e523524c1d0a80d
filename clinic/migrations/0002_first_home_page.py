"""Put the clinic's own home page where Wagtail's welcome page stood, so that a new site answers at once."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import migrations


def make_home_page(apps, schema_editor):
    ContentType = apps.get_model("contenttypes.ContentType")
    Page = apps.get_model("wagtailcore.Page")
    Site = apps.get_model("wagtailcore.Site")
    Locale = apps.get_model("wagtailcore.Locale")
    HomePage = apps.get_model("clinic.HomePage")
    if HomePage.objects.exists():
        return
    # Wagtail's own migrations made a welcome page with this id.
    Page.objects.filter(id=2, depth=2, slug="home").delete()
    root = Page.objects.get(depth=1)
    content_type, _made = ContentType.objects.get_or_create(app_label="clinic", model="homepage")
    home = HomePage.objects.create(
        title="Home",
        draft_title="Home",
        slug="home",
        content_type=content_type,
        path=f"{root.path}0001",
        depth=2,
        numchild=0,
        url_path="/home/",
        headline="Physiotherapy in Whitehorse",
        locale=Locale.objects.first(),
        live=True,
        has_unpublished_changes=False,
    )
    Page.objects.filter(pk=root.pk).update(numchild=Page.objects.filter(depth=2).count())
    address = urlsplit(settings.SITE_URL)
    site, _made = Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": address.hostname,
            "port": address.port or (443 if address.scheme == "https" else 80),
            "root_page_id": home.pk,
            "site_name": "",
        },
    )
    # Made here, or the first visitor's page view would have to write them.
    apps.get_model("clinic.ClinicDetails").objects.get_or_create(site=site)
    apps.get_model("clinic.SearchWords").objects.get_or_create(site=site)


def remove_home_page(apps, schema_editor):
    """Leave the page: it may hold an editor's work by now."""


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(make_home_page, remove_home_page)]
