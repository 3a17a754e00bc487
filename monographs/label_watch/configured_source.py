"""The service that the settings name."""

from django.conf import settings

from monographs.label_watch.label_services import DailyMed, LabelService, OpenFda
from monographs.label_watch.polite_http import HttpLimits, PoliteHttp


def configured_service(limits: HttpLimits | None = None) -> LabelService | None:
    """Return the service of ``LABEL_SOURCE``, None for ``none``; ``limits`` are its own or the usual ones."""
    limits = limits or HttpLimits()
    name = f"monographs-label-check/{settings.VERSION} (+{settings.WAGTAILADMIN_BASE_URL})"
    agent = settings.LABEL_USER_AGENT or name
    if settings.LABEL_SOURCE == "dailymed":
        return DailyMed(PoliteHttp(settings.DAILYMED_URL, agent, limits))
    if settings.LABEL_SOURCE == "openfda":
        return OpenFda(PoliteHttp(settings.OPENFDA_URL, agent, limits))
    return None
