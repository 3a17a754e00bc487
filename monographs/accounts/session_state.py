"""Who is signed in, for the script that keeps unsaved text in the browser and signs in over a page."""

import base64

from django.contrib.auth.models import User
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from monographs.core.secret_keys import keyed_digests
from monographs.core.users import authenticated_user

_SALT = "monographs.accounts.session_state"


def storage_keys(user: User) -> list[str]:
    """Return the AES key, in Base64, under which the browser stores this user's unsaved text.

    After it come earlier ones, for text that was stored before the site's secret key was replaced.

    The server never stores it and gives it to this user's sessions only, so that the next person at the same
    computer cannot read the text, not even with the browser's own tools.
    """
    return [base64.b64encode(digest).decode() for digest in keyed_digests(_SALT, str(user.pk))]


@never_cache
@require_safe
def session_state(request: HttpRequest) -> JsonResponse:
    """Return the signed-in user, a CSRF token for the forms of an open page, and the storage keys.

    The address is behind the admin's gate: whoever has not signed in completely gets the sign-in screens.
    """
    user = authenticated_user(request)
    key, *earlier_keys = storage_keys(user)
    return JsonResponse(
        {
            "user": user.pk,
            "name": user.get_full_name() or user.get_username(),
            "csrf": get_token(request),
            "key": key,
            "earlier_keys": earlier_keys,
        }
    )
