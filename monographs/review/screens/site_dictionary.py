"""The site's own dictionary: its words, who added them, and a form for another one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages

from monographs.core.users import authenticated_user
from monographs.pages.refusals import PolicyError
from monographs.review.dictionary_words import add_word, own_words, remove_word, user_can_keep_dictionary
from monographs.review.screens.base import FormScreen


class DictionaryView(FormScreen):
    """List the words; add one, or take one out."""

    template_name = "review/dictionary.html"
    header_icon = "openquote"
    page_title = "Dictionary"
    typed = ""

    def own_breadcrumb(self) -> str:
        return self.page_title

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
            self.typed = word
            return self.refused(refusal)
        return redirect("review:dictionary")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_change = user_can_keep_dictionary(self.request.user).allowed
        return super().get_context_data(words=own_words(), typed=self.typed, may_change=may_change, **kwargs)
