"""What screens of the admin have in common. Nothing of the domain."""

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper

PLAIN = "plain"  # asked for by the line that every form shows where JavaScript is off


class ReadAdmin(admin.ModelAdmin):
    """A screen of what the site alone writes: it is read there, and nothing is added, changed or deleted by hand."""

    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class PlainForm:
    """For a screen or its rows: a form that works without JavaScript where its address says `?plain=1`.

    Fields with a search become lists of all there is, nothing opens a second window, and there is an empty row to fill
    in each time, for the button that adds one needs a script.
    """

    def get_autocomplete_fields(self, request):
        return () if PLAIN in request.GET else super().get_autocomplete_fields(request)

    def get_extra(self, request, obj=None, **kwargs):
        return super().get_extra(request, obj, **kwargs) or int(PLAIN in request.GET)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and PLAIN in request.GET and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field
