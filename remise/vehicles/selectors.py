from datetime import date, timedelta

from django.db.models import Q

INSPECTION_DAYS = 30  # a month is enough to plan one


def inspection_due(today: date) -> Q:
    """Vehicles whose inspection ends within a month."""
    return Q(inspection_until__range=(today, today + timedelta(days=INSPECTION_DAYS)))
