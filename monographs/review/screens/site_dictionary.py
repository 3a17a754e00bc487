"""The site's own dictionary: its words, who added them, and a form for another one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages

from monographs.core.users import authenticated_user
from monographs.pages.refusals import PolicyError
from monographs.review.dictionary_words import add_word, own_words, remove_word, user_can_keep_dictionary
from monographs.review.screens.base import ReviewScreen


class DictionaryView(ReviewScreen):
    """List the words; add one, or take one out."""

    template_name = "review/dictionary.html"
    header_icon = "openquote"
    page_title = "Dictionary"

    def own_breadcrumb(self) -> str:
        return "Dictionary"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the words."""
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add or remove a word, or say why not."""
        user, word = authenticated_user(request), request.POST.get("word", "")
        try:
            if "remove" in request.POST:
                if remove_word(user, word):
                    messages.success(request, f"“{word}” is not in the dictionary any more.")
            else:
                messages.success(request, f"“{add_word(user, word)}” is in the dictionary now.")
        except PolicyError as refusal:
            messages.error(request, refusal.message)
            return self.show(typed=word, status=403)
        return redirect("review:dictionary")

    def show(self, *, typed: str = "", status: int = 200) -> HttpResponse:
        """Render the screen."""
        context: dict[str, Any] = self.get_context_data(
            words=own_words(),
            typed=typed,
            may_change=user_can_keep_dictionary(self.request.user).allowed,
        )
        return self.render_to_response(context, status=status)
