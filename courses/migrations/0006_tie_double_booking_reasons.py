from django.db import migrations
from django.db.models import Q
from django.utils import timezone


def tie(apps, schema_editor):
    """Tie the reasons of events to come to what clashes now."""
    Event = apps.get_model("courses", "Event")
    for event in Event.objects.filter(ends_at__gte=timezone.now()).exclude(double_booking_reason=""):
        at_once = Q(pk__in=[])
        for session in event.sessions.all():
            at_once |= Q(sessions__starts_at__lt=session.ends_at, sessions__ends_at__gt=session.starts_at)
        others = Event.objects.filter(at_once).exclude(status="cancelled").exclude(pk=event.pk)
        keys = set()
        if event.venue_id:
            taken = others.filter(venue=event.venue_id).values_list("pk", flat=True)
            keys |= {f"venue {event.venue_id} event {other}" for other in taken}
        for trainer in event.trainers.values_list("pk", flat=True):
            taken = others.filter(trainers=trainer).values_list("pk", flat=True)
            keys |= {f"trainer {trainer} event {other}" for other in taken}
        given = {"reason": event.double_booking_reason, "for": sorted(keys)}
        Event.objects.filter(pk=event.pk).update(double_booking_given=given)


class Migration(migrations.Migration):
    dependencies = [("courses", "0005_double_booking_given")]

    operations = [migrations.RunPython(tie, migrations.RunPython.noop)]
