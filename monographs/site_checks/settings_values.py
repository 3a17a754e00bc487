"""Settings that can be read, but make no sense."""

from collections.abc import Iterator
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, run_checks
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http.request import validate_host

from monographs.core.public_address import host_name, public_address
from monographs.site_checks.site_check import site_check

#: What Django's own deployment check asks for (security.W009); it asks for 5 different characters, and a key
#: of hexadecimal digits has 16.
KEY_LENGTH, KEY_CHARACTERS = 50, 10
#: A content delivery network, a balancer and nginx are three.
MOST_PROXIES = 5
#: Words in keys that are published with this project.
PUBLISHED_KEYS = ("local-only", "only-while-static-files", "lint-only", "django-insecure-")


@site_check(at_start=True)
def debug_is_off() -> Iterator[CheckMessage]:
    """These are settings for production."""
    if settings.DEBUG:
        yield Error(
            "DEBUG is on: these settings are for a developer's machine, and show secrets to everybody.",
            hint="Set DJANGO_SETTINGS_MODULE=cms.settings.production.",
        )


@site_check(at_start=True)
def base_url() -> Iterator[CheckMessage]:
    """BASE_URL is the public address: https, a host in ALLOWED_HOSTS, no path."""
    given = str(settings.BASE_URL)
    example = "Set it to the public address, e.g. BASE_URL=https://medicines.example.org."
    try:
        url, host, expected = urlsplit(given), host_name(given), public_address(given)
    except ValueError as error:
        yield Error(f"BASE_URL={given}: {error}.", hint=example)
        return
    if url.scheme != "https":
        yield Error(f"BASE_URL={given} does not begin with https://.", hint=example)
    if not host:
        yield Error(f"BASE_URL={given} has no host name.", hint=example)
        return
    if url.path or url.query or url.fragment or url.username is not None:
        yield Error(
            f"BASE_URL={given} has more than a host name; the service is always at the root of its host.",
            hint=f"Set BASE_URL={expected}.",
        )
    elif url.scheme == "https" and given != expected:
        yield Error(
            f"BASE_URL={given} is not written as browsers write it, so forms would be refused, or links in "
            "emails lead nowhere.",
            hint=f"Set BASE_URL={expected}.",
        )
    if not validate_host(host, settings.ALLOWED_HOSTS):
        yield Error(
            f"The host of BASE_URL={given} is not in ALLOWED_HOSTS={','.join(settings.ALLOWED_HOSTS)}, "
            "so every request for it would be refused.",
            hint=f"Add {host} to ALLOWED_HOSTS, or correct BASE_URL.",
        )


@site_check(at_start=True)
def allowed_hosts() -> Iterator[CheckMessage]:
    """ALLOWED_HOSTS lists host names."""
    for host in settings.ALLOWED_HOSTS:
        if host == "*":
            yield Error(
                "ALLOWED_HOSTS=* accepts every name, so a forged one could get into emails.",
                hint="List the public host names, comma-separated.",
            )
        elif not host or "/" in host or host.strip() != host or (":" in host and not host.startswith("[")):
            yield Error(
                f"ALLOWED_HOSTS contains {host!r}, which is no host name and matches no request.",
                hint="List names without scheme, port or path, e.g. medicines.example.org.",
            )


@site_check(at_start=True)
def secret_key() -> Iterator[CheckMessage]:
    """SECRET_KEY and its fallbacks cannot be guessed."""
    given = [("SECRET_KEY", settings.SECRET_KEY)]
    given += [(f"Key {n} of SECRET_KEY_FALLBACKS", key) for n, key in _numbered_fallbacks()]
    for name, key in given:
        weak = len(key) < KEY_LENGTH or len(set(key)) < KEY_CHARACTERS
        if weak or any(words in key for words in PUBLISHED_KEYS):
            yield Error(
                f"{name} can be guessed: it has {len(key)} characters, {len(set(key))} of them different, or "
                "is one that is published. Who guesses it can sign in as anybody.",
                hint="Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
            )
    for n, key in _numbered_fallbacks():
        if key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS[: n - 1]]:
            yield Warning(
                f"Key {n} of SECRET_KEY_FALLBACKS is there twice, or is SECRET_KEY itself.",
                hint="Remove it. While a key is replaced, two different ones are needed.",
            )


def _numbered_fallbacks() -> Iterator[tuple[int, str]]:
    return enumerate(settings.SECRET_KEY_FALLBACKS, start=1)


@site_check(at_start=True)
def trusted_proxies() -> Iterator[CheckMessage]:
    """TRUSTED_PROXIES is the number of proxies in front."""
    if settings.TRUSTED_PROXIES < 0:
        yield Error(
            f"TRUSTED_PROXIES={settings.TRUSTED_PROXIES} is no number of proxies.",
            hint="Count the proxies that append to X-Forwarded-For; one proxy in front is 1.",
        )
    elif settings.TRUSTED_PROXIES > MOST_PROXIES:
        yield Warning(
            f"TRUSTED_PROXIES={settings.TRUSTED_PROXIES}: with more than there are, a client can forge its "
            "address, and nobody is locked out.",
            hint="Count the proxies that append to X-Forwarded-For; one proxy in front is 1.",
        )
    elif settings.TRUSTED_PROXIES == 0:
        yield Warning(
            "TRUSTED_PROXIES=0: behind a proxy, which is required, all users seem to have its address and "
            "are locked out together.",
            hint="Set it to the number of proxies that append to X-Forwarded-For; one proxy in front is 1.",
        )


@site_check(at_start=True)
def email_sender() -> Iterator[CheckMessage]:
    """The sender of emails is an email address."""
    sender = settings.DEFAULT_FROM_EMAIL
    try:
        validate_email(parseaddr(sender)[1])
    except ValidationError:
        yield Error(
            f"Emails would be sent from {sender!r}, which is no email address, so mail servers refuse them.",
            hint="Name the sender in EMAIL_URL: &_default_from_email=editors@example.org.",
        )


@site_check()
def system_checks() -> Iterator[CheckMessage]:
    """Django's system checks pass, those for deployment, too (`manage.py check --deploy`)."""
    for message in run_checks(include_deployment_checks=True, databases=["default"]):
        if not message.is_silenced():
            yield message
