"""Who is away today, and who is their delegate."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import User
from django.db.models import QuerySet

from monographs.accounts.actors import users_with_admin_access
from monographs.core.db_clock import database_today
from monographs.core.users import display_name
from monographs.review.models import Absence


def absences_today() -> dict[int, Absence]:
    """Return today's absences by the account that is away; of several that which lasts longest. One query.

    Not those whose delegate has no access to the admin any more. A delegate has no delegate in turn.
    """
    return {absence.user_id: absence for absence in _today().order_by("ends_on", "pk")}


def _today() -> QuerySet[Absence]:
    today = database_today()
    lasting = Absence.objects.filter(starts_on__lte=today, ends_on__gte=today)
    active = users_with_admin_access().order_by().values("pk")
    return lasting.filter(delegate__in=active).select_related("user", "delegate")


def is_delegate_of(user: User, named: Iterable[User], away: Mapping[int, Absence]) -> bool:
    """Return whether ``user`` is the delegate of one of ``named`` who is away."""
    return any(each.pk in away and away[each.pk].delegate_id == user.pk for each in named)


def away_text(absence: Absence) -> str:
    """Return e.g. “away until December 5; Rolf Roe stands in”."""
    day = f"{absence.ends_on:%B} {absence.ends_on.day}"
    return f"away until {day}; {display_name(absence.delegate)} stands in"


def name_with_absence(user: User, away: Mapping[int, Absence]) -> str:
    """Return the name of ``user``, and that they are away if they are."""
    name = display_name(user)
    return f"{name} ({away_text(away[user.pk])})" if user.pk in away else name
