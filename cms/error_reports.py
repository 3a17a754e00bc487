"""Reports of errors to a Sentry server, if ``SENTRY_DSN`` names one. Nothing of a reader or a text leaves."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

#: Of a request, what may be sent.
_KEPT = ("method",)


def report_errors_to(dsn: str, **options: Any) -> None:
    """Send unexpected errors to ``dsn``. Raises ``ImproperlyConfigured`` without the client or an address."""
    try:
        import sentry_sdk  # noqa: PLC0415  # optional
    except ImportError as error:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, but the client is not installed: run `pip install 'sentry-sdk>=2'` in the "
            "image, or remove SENTRY_DSN."
        ) from error
    try:
        sentry_sdk.init(
            dsn=dsn,
            max_request_body_size="never",
            include_local_variables=False,  # they hold texts, names and passwords
            max_breadcrumbs=0,  # they hold queries and log entries
            traces_sample_rate=None,
            auto_session_tracking=False,
            server_name="",
            before_send=without_people,
            **options,
        )
    except ValueError as error:  # without the address, which has a key
        raise ImproperlyConfigured(
            "SENTRY_DSN is no address of a Sentry project, e.g. https://key@sentry.example.org/1."
        ) from error


def without_people(event: Any, hint: Any) -> Any:
    """Return a report without addresses, query strings, headers, cookies, bodies and users."""
    event.pop("user", None)
    event.pop("extra", None)
    if "request" in event:
        event["request"] = {name: v for name, v in event["request"].items() if name in _KEPT}
    return event
