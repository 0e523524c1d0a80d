"""Make the three groups of `contact/roles.py` and the workflow between them."""

from django.db import migrations

from contact.roles import make_roles, remove_roles


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0001_initial"),
        ("clinic", "0002_first_home_page"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]

    operations = [migrations.RunPython(make_roles, remove_roles)]
