"""The sessions of one account."""

from collections.abc import Iterator

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session

#: Rows fetched at a time.
CHUNK = 500


def sessions_of(user: User) -> Iterator[Session]:
    """Yield the sessions in which ``user`` is signed in. A session names its account only inside."""
    for session in Session.objects.iterator(chunk_size=CHUNK):
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            yield session


def end_sessions(user: User) -> int:
    """End all sessions of ``user``; return how many there were."""
    found = [session.pk for session in sessions_of(user)]
    Session.objects.filter(pk__in=found).delete()
    return len(found)
