"""An update runs the migrations while the version before it still serves (deploy/update)."""

from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

# The last migrations of the first release: no older version runs beside these.
FIRST_RELEASE = {"clinic": 8, "contact": 13, "services": 6}
NEVER = (
    migrations.AlterModelTable,
    migrations.DeleteModel,
    migrations.RemoveField,
    migrations.RenameField,
    migrations.RenameModel,
)


def suits_the_version_before(operation: object, unused: tuple[str, ...] = ()) -> bool:
    """Return whether code that does not know the operation can go on reading and writing after it.

    `unused` names the columns and models that the release before had stopped using.
    """
    if isinstance(operation, NEVER):
        return operation.name in unused if hasattr(operation, "name") else False
    if isinstance(operation, migrations.AddField):
        # Inserts of the version before leave it out; Django's own default is not in the database.
        field = operation.field
        return field.null or bool(field.many_to_many) or field.db_default is not NOT_PROVIDED
    return True


def test_every_migration_can_run_while_the_version_before_serves() -> None:
    wrong = [
        f"{app}.{name}: {operation}"
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if app in FIRST_RELEASE and int(name.partition("_")[0]) > FIRST_RELEASE[app]
        for operation in migration.operations
        if not suits_the_version_before(operation, getattr(migration, "unused", ()))
    ]
    assert not wrong, "release code that does without it first, and then name it in the migration's `unused`"
