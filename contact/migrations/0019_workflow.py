"""A manager approves what a physiotherapist submits, in place of Wagtail's own workflow and groups."""

from django.db import migrations

# Wagtail's buttons say “Submit to …” and “Resubmit to …” with this name.
NAME = "a manager"
WAGTAILS_GROUPS, WAGTAILS_WORKFLOW = ("Moderators", "Editors"), "Moderators approval"


def make_workflow(apps, _schema_editor):
    Group, Page = apps.get_model("auth.Group"), apps.get_model("wagtailcore.Page")
    Workflow, Task = apps.get_model("wagtailcore.Workflow"), apps.get_model("wagtailcore.GroupApprovalTask")
    WorkflowPage = apps.get_model("wagtailcore.WorkflowPage")
    root_page = Page.objects.get(path="0001")
    # Made before, when each `migrate` saw to it; the clinic may have renamed it.
    if not WorkflowPage.objects.filter(page=root_page).exclude(workflow__name=WAGTAILS_WORKFLOW).exists():
        content_types = apps.get_model("contenttypes.ContentType").objects
        kind, _ = content_types.get_or_create(app_label="wagtailcore", model="groupapprovaltask")
        task = Task.objects.create(name=NAME, content_type=kind)
        task.groups.set([Group.objects.get_or_create(name="Managers")[0]])
        workflow = Workflow.objects.create(name=NAME)
        apps.get_model("wagtailcore.WorkflowTask").objects.create(workflow=workflow, task=task, sort_order=0)
        WorkflowPage.objects.update_or_create(page=root_page, defaults={"workflow": workflow})
    unused = Group.objects.filter(name__in=WAGTAILS_GROUPS, user=None)
    if unused.filter(name="Moderators").exists():
        Workflow.objects.filter(name=WAGTAILS_WORKFLOW).delete()
        Task.objects.filter(name=WAGTAILS_WORKFLOW).delete()
    unused.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("contact", "0018_wording"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(make_workflow, migrations.RunPython.noop)]
