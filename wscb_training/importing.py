"""Import and export of tables in the admin: a dry run first, all rows or none, each fault named in plain words.

A resource says how a row is found, read and written; it writes by the same actions as the pages. The rest is
django-import-export's.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zipfile import BadZipFile, ZipFile

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from import_export import fields, resources
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ImportForm

from wscb_training.tables import Table, as_text, csv_file
from wscb_training.wording import count

MOST_ROWS, MOST_BYTES, MOST_UNPACKED = 5000, 5 * 1024 * 1024, 50 * 1024 * 1024
YES, NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0", "")


class Column(fields.Field):
    """One column: `read` gives its value of a row; what begins like a formula is exported as text (edge case 47)."""

    def __init__(self, name: str, read: Callable, example: str = ""):
        super().__init__(column_name=name)
        self.read, self.example = read, example

    def export(self, instance, **kwargs):
        if instance.pk is None:
            return ""
        value = self.read(instance)
        return as_text(("yes" if value else "no") if isinstance(value, bool) else "" if value is None else value)


class Rows(resources.ModelResource):
    """Rows of one model. A subclass declares its columns and says how to `find` and `write` a row."""

    class Meta:
        use_transactions = True
        skip_unchanged = True
        report_skipped = True

    def find(self, row: dict):
        """Return what the row is about if it is there already, or None."""
        raise NotImplementedError

    def write(self, found, row: dict, *, by, now: datetime):
        """Write the row by an action and return what it is about; raises ValidationError({column: sentence})."""
        raise NotImplementedError

    # How django-import-export asks.

    def before_import(self, dataset, **kwargs):
        known = [field.column_name for field in self.get_import_fields()]
        unknown = [name for name in dataset.headers or [] if name and name not in known]
        if unknown:
            raise ValidationError(f"The column {', '.join(unknown)} is not known. The columns are {', '.join(known)}.")
        if len(dataset) > MOST_ROWS:
            raise ValidationError(f"The file has {len(dataset)} rows. Import no more than {MOST_ROWS} at once.")

    def before_import_row(self, row, **kwargs):
        for name, value in row.items():
            row[name] = _as_typed(value)

    def get_instance(self, instance_loader, row):
        return self.find(row)

    def import_instance(self, instance, row, **kwargs):
        """Leave the instance alone: `write` changes it."""

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if instance.pk is None:
            return False
        columns = {field.column_name: field for field in self.get_import_fields()}
        return all(
            str(columns[name].export(instance)).lstrip("'") == value for name, value in row.items() if name in columns
        )

    def save_instance(self, instance, is_create, row, **kwargs):
        written = self.write(None if is_create else instance, row, by=kwargs["user"], now=timezone.now())
        instance.__dict__.update(written.__dict__)

    def save_m2m(self, instance, row, **kwargs):
        """`write` has done it."""


def _as_typed(value) -> str:
    """Return a cell as somebody would type it; the quote that keeps a formula from running is taken off again."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date() if not (value.hour or value.minute) else value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


@contextmanager
def all_faults() -> Iterator[Callable]:
    """Read the cells of a row with `read(how, …)`: what is wrong with each is raised together at the end."""
    faults: dict[str, list[str]] = {}

    def read(how: Callable, *args, **options):
        try:
            return how(*args, **options)
        except ValidationError as error:
            for column, sentences in error.message_dict.items():
                faults.setdefault(column, []).extend(sentences)

    yield read
    if faults:
        raise ValidationError(faults)


def required(row: dict, *names: str) -> None:
    """Raise ValidationError naming each of these columns that is empty."""
    if missing := {name: f"Enter the {name.replace('_', ' ')}." for name in names if not row.get(name)}:
        raise ValidationError(missing)


def one_of(row: dict, name: str, options: dict[str, object], *, default=None):
    """Return what the cell names among `options` (by their words, in any case); raises ValidationError."""
    text = row.get(name, "")
    if not text and default is not None:
        return default
    for words, value in options.items():
        if text.casefold() == str(words).casefold():
            return value
    known = ", ".join(str(words) for words in options) if len(options) <= 12 else "those in the administration"
    raise ValidationError({name: f"“{text[:60]}” is not known. Use one of: {known}."})


def yes_or_no(row: dict, name: str, *, default: bool) -> bool:
    """Return a cell that says yes or no; raises ValidationError."""
    text = row.get(name, "").casefold()
    if name not in row:
        return default
    if text in YES:
        return True
    if text in NO:
        return False
    raise ValidationError({name: f"“{text[:20]}” is neither yes nor no."})


def number(row: dict, name: str, *, default: int | None = None) -> int | None:
    """Return a cell that holds a whole number, or `default` when it is empty; raises ValidationError."""
    text = row.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 4:
        raise ValidationError({name: f"“{text[:20]}” is not a whole number."})
    return int(text)


def _unpacked_size(file) -> int:
    """Return the bytes that a workbook says it unpacks to, and no reader takes more; 0 for what is no workbook."""
    try:
        with ZipFile(file) as parts:
            return sum(part.file_size for part in parts.infolist())
    except BadZipFile:
        return 0
    finally:
        file.seek(0)


class FileForm(ImportForm):
    """The file to import: CSV or XLSX, not empty, of a size that a page can bear."""

    def clean_import_file(self):
        file = self.cleaned_data["import_file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("The file must be smaller than 5 MB. Split it into several.")
        if not file.name.lower().endswith((".csv", ".xlsx")):
            raise forms.ValidationError("Choose a CSV file or an Excel file (.xlsx).")
        if _unpacked_size(file) > MOST_UNPACKED:
            raise forms.ValidationError("The workbook unpacks to more than 50 MB. Split it into several.")
        return file

    def clean(self):
        data = super().clean()
        if file := data.get("import_file"):
            data["format"] = "0" if file.name.lower().endswith(".csv") else "1"
            self.errors.pop("format", None)
        return data


class ImportExport(ImportExportMixin):
    """The admin's import and export buttons, for the Training and Development Service alone."""

    import_form_class = FileForm
    import_formats = export_formats = [CSV, XLSX]
    import_error_display = ("message",)
    imports = True

    def has_import_permission(self, request) -> bool:
        return self.imports and request.user.is_td

    def has_export_permission(self, request) -> bool:
        return request.user.is_td

    def get_valid_export_item_pks(self, request) -> list:
        """Nothing is exported by ticking rows: the list's filters say what."""
        return []

    def add_data_read_fail_error_to_form(self, form, e):
        form.add_error("import_file", "This file can't be read. Save it as CSV (UTF-8) or as an Excel file (.xlsx).")

    def get_import_data_kwargs(self, **kwargs):
        return {**super().get_import_data_kwargs(**kwargs), "rollback_on_validation_errors": True}

    def get_import_context_data(self, **kwargs):
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_example"
        return {**super().get_import_context_data(**kwargs), "example_url": reverse(name), "columns": self._columns()}

    def _columns(self) -> list[Column]:
        return self.get_import_resource_classes(None)[0]().get_import_fields()

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_example"
        return [path("import-example/", self.admin_site.admin_view(self.example_view), name=name), *super().get_urls()]

    def example_view(self, request):
        """A file with the columns and one invented row."""
        columns = self._columns()
        table = Table("Example", [column.column_name for column in columns], [[column.example for column in columns]])
        return csv_file(table, name=f"{self.opts.verbose_name_plural} example")

    def process_result(self, result, request):
        """Tell what was written; when the world moved since the dry run, nothing was."""
        if result.has_errors() or result.has_validation_errors():
            messages.error(request, "Nothing was imported: something changed since you looked. Try the file again.")
        else:
            new, changed = result.totals["new"], result.totals["update"]
            things = count(new, str(self.opts.verbose_name), str(self.opts.verbose_name_plural))
            messages.success(request, f"{capfirst(things)} added, {changed} changed.")
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))


def forget_uploads(*, now: datetime) -> int:
    """Delete the files that were looked at a day ago and never imported, for they hold names; return how many."""
    folder = "django-import-export"
    if not default_storage.exists(folder):
        return 0
    names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    old = [name for name in names if default_storage.get_modified_time(name) < now - timedelta(days=1)]
    for name in old:
        default_storage.delete(name)
    return len(old)
