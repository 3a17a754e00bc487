"""Reports that say in a sentence of their own that nothing is listed."""

from typing import Any

from django.utils.functional import cached_property


class EmptyReportMixin:
    """A list of Wagtail that says ``nothing_listed`` where it is empty, unless by a filter or a search."""

    nothing_listed: str
    is_filtering: Any
    is_searching: Any

    @cached_property
    def no_results_message(self) -> str:
        """What is shown in place of rows."""
        if self.is_filtering or self.is_searching:
            return str(super().no_results_message)  # type: ignore[misc]  # of the view it is mixed into
        return self.nothing_listed
