"""T&D reads what people wrote and notes the themes in it (§15)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.permissions import td_page
from evaluations import actions
from evaluations.models import Answer, Kind, Question, Theme
from evaluations.results_forms import TagForm
from evaluations.words import common_words
from wscb_training.wording import count

PAGE, MOST_READ = 25, 5000


@td_page
def themes(request):
    """The written answers, newest first: filtered by questionnaire, word, theme; ticked and tagged."""
    written = _written(request)
    page = Paginator(written, PAGE).get_page(request.GET.get("page"))
    form = TagForm(request.POST if request.method == "POST" else None, offered=[answer.pk for answer in page])
    if request.method == "POST" and form.is_valid():
        _tag(request, form.cleaned_data["theme"], form.cleaned_data["answers"], take_off="take-off" in request.POST)
        return redirect(request.get_full_path())
    context = {
        "form": form,
        "page_obj": page,
        "kinds": Kind.choices,
        "kind": request.GET.get("kind", ""),
        "word": request.GET.get("word", ""),
        "theme": request.GET.get("theme", ""),
        "themes": Theme.objects.annotate(number=Count("tags")).order_by("-number", "name"),
        "words": common_words(written.order_by("-pk").values_list("text", flat=True)[:MOST_READ]),
        "ticked": request.POST.getlist("answers"),
    }
    return render(request, "evaluations/themes.html", context)


def _written(request) -> QuerySet[Answer]:
    answers = Answer.objects.filter(
        question__type__in=[Question.Type.SHORT, Question.Type.LONG], evaluation__submitted_at__isnull=False
    ).exclude(text="")
    if request.GET.get("kind") in Kind.values:
        answers = answers.filter(evaluation__kind=request.GET["kind"])
    if word := request.GET.get("word", "").strip()[:60]:
        answers = answers.filter(text__icontains=word)
    theme = request.GET.get("theme", "")
    if theme == "none":
        answers = answers.filter(themes=None)
    elif theme.isdecimal():
        answers = answers.filter(themes=int(theme[:9]))
    related = ("question", "evaluation__booking__event__course")
    return answers.select_related(*related).prefetch_related("themes").order_by("-evaluation__submitted_at", "-pk")


def _tag(request, name: str, ids: list[int], *, take_off: bool) -> None:
    answers = Answer.objects.filter(pk__in=ids)
    if take_off:
        theme = Theme.objects.filter(name__iexact=" ".join(name.split())).first()
        number = actions.untag(answers=answers, theme=theme) if theme else 0
        messages.success(request, f"Took “{name}” off {count(number, 'answer')}.")
        return
    theme = actions.tag(answers=answers, theme=name, by=request.user, now=timezone.now())
    messages.success(request, f"{count(len(ids), 'answer')} tagged “{theme}”.")
