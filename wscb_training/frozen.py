"""A constraint of the database that keeps what was decided from being changed. Nothing of the domain."""

from collections.abc import Sequence

from django.db.backends.ddl_references import Statement, Table
from django.db.models.constraints import BaseConstraint


class Frozen(BaseConstraint):
    """Once `until` is over, these fields of a row never change again, whoever writes: a trigger refuses it.

    `until` is a field and the value that it has as long as the row may be changed: ("status", "draft"). A row does not
    come back to it. The database raises an IntegrityError; deleting is left to foreign keys.
    """

    POSTGRESQL = (
        "CREATE OR REPLACE FUNCTION %(name)s_refuses() RETURNS trigger AS $$ BEGIN "
        "RAISE EXCEPTION 'It is frozen: %(title)s' USING ERRCODE = 'check_violation'; END $$ LANGUAGE plpgsql; "
        "CREATE TRIGGER %(name)s BEFORE UPDATE ON %(table)s FOR EACH ROW "
        "WHEN (%(over)s AND (%(changed)s)) EXECUTE FUNCTION %(name)s_refuses()"
    )
    SQLITE = (
        "CREATE TRIGGER %(name)s BEFORE UPDATE ON %(table)s FOR EACH ROW WHEN %(over)s AND (%(changed)s) "
        "BEGIN SELECT RAISE(ABORT, 'It is frozen: %(title)s'); END"
    )

    def __init__(self, *, fields: Sequence[str], until: tuple, name: str, violation_error_message=None):
        super().__init__(name=name, violation_error_message=violation_error_message)
        self.fields, self.until = tuple(fields), tuple(until)

    def constraint_sql(self, model, schema_editor):
        """Part of no CREATE TABLE: the trigger follows when the table is there."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def create_sql(self, model, schema_editor):
        is_postgresql = schema_editor.connection.vendor == "postgresql"
        differs = "IS DISTINCT FROM" if is_postgresql else "IS NOT"
        column, value = self._column(model, schema_editor, self.until[0]), self.until[1]
        is_it = "IS NULL" if value is None else f"= {schema_editor.quote_value(value)}"
        is_not = "IS NOT NULL" if value is None else f"<> {schema_editor.quote_value(value)}"
        columns = [self._column(model, schema_editor, field) for field in self.fields]
        changed = [f"NEW.{each} {differs} OLD.{each}" for each in columns]
        return Statement(
            self.POSTGRESQL if is_postgresql else self.SQLITE,
            name=self.name,
            title=self.name,
            table=Table(model._meta.db_table, schema_editor.quote_name),
            over=f"OLD.{column} {is_not}",
            changed=" OR ".join([*changed, f"NEW.{column} {is_it}"]),
        )

    def remove_sql(self, model, schema_editor):
        on = " ON %(table)s" if schema_editor.connection.vendor == "postgresql" else ""
        table = Table(model._meta.db_table, schema_editor.quote_name)
        return Statement(f"DROP TRIGGER IF EXISTS %(name)s{on}", name=self.name, table=table)

    @staticmethod
    def _column(model, schema_editor, field: str) -> str:
        return schema_editor.quote_name(model._meta.get_field(field).column)

    def validate(self, model, instance, exclude=None, using=None):
        """Forms are stopped by the actions; the database stops everybody else."""

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "fields": self.fields, "until": self.until}

    def __eq__(self, other):
        if isinstance(other, Frozen):
            return (self.name, self.fields, self.until) == (other.name, other.fields, other.until)
        return super().__eq__(other)

    def __hash__(self):
        return hash((self.name, self.fields, self.until))
