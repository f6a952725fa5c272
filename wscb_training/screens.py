"""What screens of the admin have in common. Nothing of the domain."""

from django.contrib import admin


class ReadAdmin(admin.ModelAdmin):
    """A screen of what the site alone writes: it is read there, and nothing is added, changed or deleted by hand."""

    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
