"""The names that are offered while somebody types a mention."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import View

from monographs.core.users import authenticated_user
from monographs.review.mentions import offered, people_who_see
from monographs.review.page_access import ReviewAccessMixin

#: Characters of what is typed that are looked at.
MAX_TYPED = 40


class MentionNamesView(ReviewAccessMixin, View):
    """People who may see the page, for those who may see it themselves."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, key: UUID, **kwargs: Any) -> HttpResponse:
        """Return at most eight names as JSON."""
        user = authenticated_user(request)
        if not people_who_see(key).filter(pk=user.pk).exists():
            raise Http404("No page has this record.")
        response = JsonResponse({"people": list(offered(key, request.GET.get("q", "")[:MAX_TYPED].strip()))})
        response.headers["Cache-Control"] = "no-store"
        return response
