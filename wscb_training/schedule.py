"""What beat asks the workers to do, and when (London time). Each task may run late, and twice."""

from celery.schedules import crontab

BEAT_SCHEDULE = {
    "deliver messages that a broker missed": {"task": "notifications.tasks.deliver_due", "schedule": 60},
    "show that beat, broker and workers work": {"task": "notifications.tasks.tick", "schedule": 60},
    "look after documents in the making": {"task": "notifications.tasks.look_after_documents", "schedule": 60},
    "release places kept for the voluntary sector": {
        "task": "bookings.tasks.release_places",
        "schedule": crontab(minute="*/10"),
    },
    "send joining instructions and reminders": {
        "task": "bookings.tasks.tell_before_events",
        "schedule": crontab(minute="*/10"),
    },
    "tell CPD leads of places not used": {
        "task": "bookings.tasks.settle_missed_places",
        "schedule": crontab(hour=17, minute=15),
    },
    "warn of few bookings": {"task": "bookings.tasks.warn_of_few_bookings", "schedule": crontab(hour=7, minute=30)},
    "keep to the periods of retention": {
        "task": "monitoring.tasks.keep_to_retention",
        "schedule": crontab(hour=3, minute=45),
    },
    "forget access needs": {"task": "bookings.tasks.wipe_needs", "schedule": crontab(hour=3, minute=30)},
    "tell those who asked for a course": {"task": "bookings.tasks.tell_interested", "schedule": crontab(minute="*/10")},
    "forget the audit of more than a year ago": {
        "task": "accounts.tasks.forget_audit",
        "schedule": crontab(hour=3, minute=40),
    },
    "note addresses whose mail comes back": {"task": "accounts.tasks.note_bounces", "schedule": crontab(minute="*/15")},
    "forget problems settled a year ago": {
        "task": "accounts.tasks.forget_problems",
        "schedule": crontab(hour=3, minute=40),
    },
    "remind of training that runs out": {
        "task": "learning.tasks.remind_of_expiry",
        "schedule": crontab(hour=7, minute=0),
    },
    "run the chain of questionnaires": {"task": "evaluations.tasks.run_chain", "schedule": crontab(minute="*/10")},
    "tell people whose certificate is ready": {
        "task": "learning.tasks.tell_of_certificates",
        "schedule": crontab(minute="*/10"),
    },
    # The day and hour are a setting of policy; the task looks whether they have come.
    "send the weekly email": {"task": "learning.tasks.send_alerts", "schedule": crontab(minute="*/10")},
    "ask for the yearly returns": {"task": "monitoring.tasks.ask_for_returns", "schedule": crontab(hour=8, minute=20)},
    "count the figures of today": {"task": "monitoring.tasks.count_today", "schedule": crontab(minute="*/10")},
    "lapse and remind approvals": {"task": "bookings.tasks.lapse_approvals", "schedule": crontab(minute="*/10")},
}
