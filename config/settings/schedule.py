"""When background work starts by itself; hours are UTC, plain numbers are seconds.

Each sweep catches what a dead broker missed, so that nothing is lost that was promised.
"""

from celery.schedules import crontab

CELERY_BEAT_SCHEDULE = {
    # What is due, and what a dead broker missed; in seconds.
    "sweep webhooks": {"task": "apitokens.sweep_webhooks", "schedule": 10.0},
    "sweep outgoing mail": {"task": "organizations.sweep_outbox", "schedule": 15.0},
    "release stale holds": {"task": "booking.release_stale_holds", "schedule": 30.0},
    "sweep onboarding": {"task": "booking.sweep_onboarding", "schedule": 30.0},
    "sweep waiting list": {"task": "booking.sweep_waitlist", "schedule": 60.0},
    "sweep company checks": {"task": "organizations.sweep_company_checks", "schedule": 60.0},
    "sweep intentions": {"task": "workplace.sweep_intentions", "schedule": 120.0},
    "sweep evolutions": {"task": "workplace.sweep_evolutions", "schedule": 60.0},
    "sweep meetings of plans": {"task": "workplace.sweep_meetings", "schedule": 120.0},
    "sweep forecasts": {"task": "workplace.sweep_forecasts", "schedule": 60.0},
    "sweep departures": {"task": "workplace.sweep_departures", "schedule": 120.0},
    "evolve by itself": {"task": "workplace.evolve_by_itself", "schedule": 600.0},
    "build calendar entries": {"task": "booking.build_calendar_entries", "schedule": 60.0},
    # What has its hour of the day (UTC); the next run makes up for one that was missed.
    "forecast all": {
        "task": "workplace.forecast_all",
        "schedule": crontab(hour="1", minute="30"),
    },
    "plan ahead": {"task": "workplace.plan_ahead", "schedule": crontab(hour="3", minute="40")},
    "make statements": {
        "task": "contracts.make_statements",
        "schedule": crontab(hour="4", minute="10"),
    },
    "renew contracts": {
        "task": "contracts.renew_and_give_notice",
        "schedule": crontab(hour="2,14", minute="40"),
    },
    "follow clocks": {
        "task": "workplace.follow_clocks",
        "schedule": crontab(hour="0,12", minute="5"),
    },
    # What has been kept for as long as it is promised.
    "purge occupancy": {
        "task": "workplace.purge_occupancy",
        "schedule": crontab(hour="1,13", minute="20"),
    },
    "age occupancy": {
        "task": "workplace.age_occupancy",
        "schedule": crontab(hour="1,13", minute="50"),
    },
    "prune personal reads": {"task": "workplace.prune_personal_reads", "schedule": 86400.0},
    "prune idempotent answers": {"task": "apitokens.prune_idempotent_answers", "schedule": 600.0},
    "prune calls": {"task": "apitokens.prune_calls", "schedule": 600.0},
    "forget refused demand": {"task": "booking.forget_refused_demand", "schedule": 86400.0},
    "prune catalogue changes": {"task": "booking.prune_catalogue_changes", "schedule": 600.0},
    "prune abuse counts": {"task": "apitokens.prune_abuse_counts", "schedule": 3600.0},
    "prune register answers": {
        "task": "organizations.prune_register_answers",
        "schedule": 3600.0,
    },
    "forget old events": {"task": "apitokens.forget_old_events", "schedule": 3600.0},
    "forget links and wishes to join": {
        "task": "organizations.forget_what_is_over",
        "schedule": 86400.0,
    },
    "forget registrations and places": {"task": "booking.forget_what_is_over", "schedule": 86400.0},
    "prune enquiries": {"task": "apitokens.prune_enquiries", "schedule": 86400.0},
}
