"""What T&D ticks: the matrix of Appendix 4 as one field."""

from django import forms

from competence.models import CompetenceGroup, PathwayTick, PathwayVersion, TrainingContent

Cell = tuple[int, str]  # group number, content code


class TicksWidget(forms.CheckboxSelectMultiple):
    """Contents by groups, a box in each cell."""

    template_name = "admin/competence/ticks.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        groups, chosen = list(CompetenceGroup.objects.all()), set(value or ())
        cells = {
            content: [(group, f"{group.pk}-{content.pk}", f"{group.pk}-{content.pk}" in chosen) for group in groups]
            for content in TrainingContent.objects.all()
        }
        return {**context, "groups": groups, "rows": cells.items(), "name": name}


class TicksField(forms.MultipleChoiceField):
    """The ticks of a version, as a set of (group number, content code)."""

    widget = TicksWidget

    def __init__(self, **kwargs):
        super().__init__(choices=_cells, **kwargs)

    def clean(self, value) -> set[Cell]:
        pairs = (cell.split("-", 1) for cell in super().clean(value))
        return {(int(group), content) for group, content in pairs}


def _cells() -> list[tuple[str, str]]:
    contents, groups = list(TrainingContent.objects.all()), list(CompetenceGroup.objects.all())
    return [(f"{group.pk}-{content.pk}", f"{content} for {group}") for content in contents for group in groups]


class PathwayVersionForm(forms.ModelForm):
    """A version with its ticks; a new one starts from the ticks of the newest."""

    ticks = TicksField(label="What each group needs", required=False)

    class Meta:
        model = PathwayVersion
        fields = ["in_force_from", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        version = self.instance if self.instance.pk else PathwayVersion.objects.first()
        ticks = PathwayTick.objects.filter(version=version) if version else PathwayTick.objects.none()
        self.initial["ticks"] = [f"{group}-{content}" for group, content in ticks.values_list("group", "content")]
