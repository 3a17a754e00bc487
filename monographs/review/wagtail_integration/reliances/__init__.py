"""Every place that overrides, patches or relies on an inside of Wagtail 7.4, which its documentation does not
promise to keep.

Read it before an upgrade: each entry names what in Wagtail, why, our code, and the test in
``tests/wagtail_integration/`` that fails if Wagtail has changed (``test_reliances.py`` checks that they all
exist). Most of the code is in the package around; what lower packages need stays there (``monographs.pages``,
``monographs.accounts``, ``monographs.rules``, the workflow's task in ``monographs.review.models``).
"""

from monographs.review.wagtail_integration.reliances.editor_reliances import EDITOR
from monographs.review.wagtail_integration.reliances.page_reliances import PAGES
from monographs.review.wagtail_integration.reliances.reliance import Reliance
from monographs.review.wagtail_integration.reliances.screen_reliances import SCREENS
from monographs.review.wagtail_integration.reliances.workflow_reliances import WORKFLOWS

RELIANCES = (*PAGES, *WORKFLOWS, *EDITOR, *SCREENS)

__all__ = ["RELIANCES", "Reliance"]
