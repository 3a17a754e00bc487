"""The page “First steps” in the admin, and its two forms."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from home.first_steps import starter_texts
from home.first_steps.site_facts import site_facts
from home.first_steps.starter_texts import starter_item
from home.first_steps.steps import are_dismissed, dismiss, first_steps
from monographs.core.users import authenticated_user
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.page_access import EditorAccessMixin


class _SetUpMixin(EditorAccessMixin):
    refusal = "Only editors and administrators set up the site. Ask one of them."


class FirstStepsView(_SetUpMixin, WagtailAdminTemplateMixin, TemplateView):
    """Every step with what is missing and where to do it."""

    template_name = "home/first_steps.html"
    page_title = "First steps"
    header_icon = "list-ol"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = site_facts()
        steps = first_steps(facts)
        texts_left = any(starter_item(text.slug) not in facts.made for text in starter_texts.STARTER_TEXTS)
        return {
            **super().get_context_data(**kwargs),
            "steps": steps,
            "done": sum(step.done for step in steps),
            "next_step": next((step for step in steps if not step.done and not step.optional), None),
            "dismissed": are_dismissed(),
            "can_make_drafts": texts_left
            and starter_texts.user_can_make_drafts(authenticated_user(self.request)),
        }


class StarterTextsView(_SetUpMixin, View):
    """Makes the drafts of the pages about the service."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make those that were never made."""
        user = authenticated_user(request)
        if not starter_texts.user_can_make_drafts(user):
            raise PolicyError(Rule.NOT_ALLOWED_HERE, "You may not add pages. Ask an editor.")
        pages = starter_texts.make_drafts(user)
        names = ", ".join(f"“{page.title}”" for page in pages)
        if pages:
            messages.success(
                request, f"Drafts: {names}. Fill in what is in square brackets, then submit them."
            )
        else:
            messages.warning(request, "All of these drafts were made before.")
        return redirect("first_steps:page")


class DismissView(_SetUpMixin, View):
    """Takes the panel off the home page of the admin."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Dismiss the panel for everybody."""
        dismiss()
        messages.success(
            request, "The first steps are no longer on the home page. They stay in the help menu."
        )
        return redirect("wagtailadmin_home")
