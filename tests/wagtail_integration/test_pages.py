"""What we rely on in Wagtail's pages, revisions, actions and logs."""

import inspect
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands
from django.db.models.signals import post_save, pre_delete, pre_save
from django.urls import resolve
from django.utils.functional import cached_property
from wagtail import admin
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.views.pages.delete import delete
from wagtail.admin.views.pages.edit import EditView
from wagtail.log_actions import LogContext, get_active_log_context, log, registry
from wagtail.models import Page, PagePermissionTester, Revision, get_page_models

from monographs.models import ReviewedPage
from monographs.pages.base import FIELDS_OF_THE_ROW
from monographs.pages.copy_form import DraftCopyForm
from monographs.pages.permissions import ReviewedPagePermissionTester
from monographs.review.wagtail_integration.action_log import wagtail_action_classes
from monographs.review.wagtail_integration.page_deletion import delete_page, refuse_deletion
from tests.factories import make_image, make_monograph

#: Permissions that Wagtail's own tester may decide for a reviewed page.
LEFT_TO_WAGTAIL = {
    "can_add_subpage",
    "can_copy",
    "can_copy_to",
    "can_edit",
    "can_lock",
    "can_unlock",
    "can_view_revisions",
}


def parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


def test_every_page_has_our_permission_tester(site: Any, superuser: Any) -> None:
    for page in (Page.get_first_root_node(), Page(title="x", depth=1), Page.objects.get(pk=site.pk)):
        assert isinstance(page.permissions_for_user(superuser), ReviewedPagePermissionTester)


def test_wagtail_asks_no_permission_that_we_have_not_considered() -> None:
    ours = {name for name in vars(ReviewedPagePermissionTester) if name.startswith("can_")}
    stock = {name for name in vars(PagePermissionTester) if name.startswith("can_")}
    assert stock == ours | LEFT_TO_WAGTAIL
    for name in ours:
        assert parameters(getattr(ReviewedPagePermissionTester, name)) == parameters(
            getattr(PagePermissionTester, name)
        )


def test_publishing_a_revision_calls_page_publish(writer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    page = make_monograph(by=writer)
    published: list[Any] = []
    monkeypatch.setattr(
        ReviewedPage, "publish", lambda self, revision, *args, **kwargs: published.append(revision.pk)
    )
    page.get_latest_revision().publish(skip_permission_checks=True)
    assert published == [page.latest_revision_id]


def test_overridden_page_methods_have_wagtails_parameters() -> None:
    assert parameters(Page.get_url_parts) == parameters(ReviewedPage.get_url_parts)
    assert parameters(Page.publish)[:2] == ["self", "revision"]
    assert {"user", "previous_revision", "clean", "overwrite_revision"} <= set(parameters(Page.save_revision))


def test_the_copy_form_has_the_fields_we_remove(writer: Any, superuser: Any) -> None:
    page = make_monograph(by=writer)
    page.save_revision()
    source = inspect.getsource(CopyForm)
    for name in (*DraftCopyForm.disabled_fields, "new_parent_page"):
        assert f'self.fields["{name}"]' in source, f"{name} has another name now"
    assert not set(DraftCopyForm.disabled_fields) & set(DraftCopyForm(user=superuser, page=page).fields)


def test_the_actions_with_a_check_are_those_we_know() -> None:
    assert {action.__name__ for action in wagtail_action_classes()} == {
        "ConvertAliasPageAction",
        "CopyForTranslationAction",
        "CopyPageAction",
        "CopyPageForTranslationAction",
        "CreatePageAliasAction",
        "DeletePageAction",
        "MovePageAction",
        "PublishPageRevisionAction",
        "PublishRevisionAction",
        "RevertToPageRevisionAction",
        "UnpublishAction",
        "UnpublishPageAction",
    }


def test_wagtails_page_can_be_updated_without_permission() -> None:
    assert {"user", "skip_permission_checks"} <= set(parameters(Revision.publish))
    assert "skip_permission_checks" in parameters(UnpublishPageAction.execute)


def test_our_command_replaces_wagtails_scheduled_publishing() -> None:
    commands = get_commands()
    assert commands["publish_scheduled"] == commands["publish_scheduled_pages"] == "monographs"
    assert Revision._meta.get_field("approved_go_live_at").null


@pytest.mark.parametrize("signal", [pre_save, post_save], ids=["pre_save", "post_save"])
def test_storing_and_overwriting_a_revision_sends_signals(writer: Any, signal: Any) -> None:
    page = make_monograph(by=writer)
    saved: list[Any] = []

    def receive(instance: Revision, update_fields: Any = None, **kwargs: Any) -> None:
        if not update_fields or "content" in update_fields:
            saved.append(instance.pk)

    signal.connect(receive, sender=Revision)
    try:
        first = page.save_revision(user=writer)
        page.save_revision(user=writer, overwrite_revision=first)
    finally:
        signal.disconnect(receive, sender=Revision)
    assert set(saved) - {None} == {first.pk}
    assert len(saved) >= 2


def test_the_log_context_names_the_user(writer: Any) -> None:
    with LogContext(user=writer):
        assert get_active_log_context().user == writer


@pytest.mark.usefixtures("figure_files")
def test_the_log_names_the_users_who_changed_an_image(writer: Any) -> None:
    image = make_image("red", by=writer)
    with LogContext(user=writer):
        log(instance=image, action="wagtail.edit")
    entries = registry.get_logs_for_instance(image)
    assert list(entries.values_list("user_id", flat=True)) == [writer.pk]
    assert image.uploaded_by_user_id == writer.pk


def test_the_address_of_deletion_leads_to_our_view() -> None:
    view = resolve("/admin/pages/1/delete/").func
    assert inspect.unwrap(view) is delete_page
    assert parameters(delete) == ["request", "page_id"]


def test_every_page_class_sends_pre_delete_to_our_receiver() -> None:
    for model in (Page, *get_page_models()):
        assert refuse_deletion in pre_delete._live_receivers(model)[0], model


def test_the_editor_asks_its_hook_first() -> None:
    source = inspect.getsource(EditView.dispatch)
    assert source.index('run_hook("before_edit_page"') < source.index("super().dispatch(")


def test_lists_show_the_status_string() -> None:
    folder = Path(admin.__file__).parent
    assert '"status_string"' in (folder / "ui" / "tables" / "__init__.py").read_text()
    tag = (folder / "templates" / "wagtailadmin" / "shared" / "page_status_tag.html").read_text()
    assert "page.status_string" in tag
    assert isinstance(vars(ReviewedPage)["status_string"], cached_property)


def test_references_of_the_row_are_not_taken_from_a_revision(writer: Any) -> None:
    """Wagtail replaces these by the row's, so they need not be looked up."""
    page = make_monograph(by=writer)
    content = {**page.get_latest_revision().content, "owner": None, "content_type": 1, "locale": 99}
    stock = Page.with_content_json(page, dict(content) | {"locale": page.locale_id})
    ours = page.with_content_json(content)
    for name in FIELDS_OF_THE_ROW:
        attribute = page._meta.get_field(name).attname
        assert getattr(ours, attribute) == getattr(stock, attribute) == getattr(page, attribute), name
