"""What we rely on in the other screens of Wagtail's admin."""

import csv
import inspect
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it has no type hints
import wagtail.admin
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.test import Client
from django.urls import resolve, reverse
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.views import account, home
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.images import get_image_model
from wagtail.log_actions import log
from wagtail.models import GroupPagePermission
from wagtail.permissions import page_permission_policy
from wagtail.users.models import UserProfile, upload_avatar_to
from wagtail.users.utils import user_can_delete_user
from wagtail.users.views import bulk_actions, groups, users

from monographs.accounts import account_screen, password_link_views, user_forms
from monographs.accounts.user_admin import DeleteUsers
from monographs.core.upload_storage import IMAGE_FOLDERS
from monographs.review.dashboard.hooks import MISLEADING_PANELS
from monographs.review.wagtail_integration.blocked_routes import (
    BLOCKED_BULK_ACTIONS,
    unregister_bulk_actions,
)
from monographs.review.wagtail_integration.image_forms import CleanAvatarForm
from tests.conftest import as_user
from tests.factories import make_image


def test_only_known_bulk_actions_are_registered() -> None:
    bulk_action_registry._scan_for_bulk_actions()
    unregister_bulk_actions()
    pages = bulk_action_registry.actions["wagtailcore"]["page"]
    assert set(pages) == {"delete"}
    assert not set(BLOCKED_BULK_ACTIONS) & set(pages)
    assert bulk_action_registry.actions["auth"]["user"]["delete"] is DeleteUsers
    assert issubclass(DeleteUsers, bulk_actions.DeleteBulkAction)


def test_a_bulk_action_tells_what_it_would_leave_out() -> None:
    source = inspect.getsource(BulkAction)
    assert 'return objects, {"items_with_no_access": items_with_no_access}' in source
    assert "self.next_url" in source


def test_the_page_api_runs_its_actions_by_action_view() -> None:
    assert isinstance(PagesAdminAPIViewSet.actions, dict)
    assert list(inspect.signature(PagesAdminAPIViewSet.action_view).parameters) == [
        "self",
        "request",
        "pk",
        "action_name",
    ]


def test_the_home_page_shows_the_panels_that_we_remove() -> None:
    source = inspect.getsource(home.HomeView)
    assert all(f"{panel.__name__}()" in source for panel in MISLEADING_PANELS)


def test_the_page_policy_gives_rows_with_page_and_permission(writer: Any) -> None:
    rows = page_permission_policy.get_cached_permissions_for_user(writer)
    assert all(isinstance(row, GroupPagePermission) for row in rows)
    assert {(type(row.permission), bool(row.page.path)) for row in rows} == {(Permission, True)}
    assert page_permission_policy.user_has_any_permission(writer, {"add", "change"})


def test_account_settings_have_a_tab_for_notifications() -> None:
    assert account.notifications_tab
    assert {"name", "title", "tab", "form_class"} <= set(vars(account.BaseSettingsPanel))
    assert list(inspect.signature(account.BaseSettingsPanel.__init__).parameters)[1:] == [
        "request",
        "user",
        "profile",
    ]


def test_user_views_have_what_we_override() -> None:
    assert "instance" in inspect.signature(users.IndexView.get_delete_url).parameters
    assert "self.can_delete" in inspect.getsource(users.EditView.setup)
    assert callable(users.DeleteView.get_object)
    assert {"index_view_class", "edit_view_class", "delete_view_class"} <= set(dir(users.UserViewSet))
    assert list(inspect.signature(user_can_delete_user).parameters)[:2] == ["current_user", "user_to_delete"]


def test_the_account_screen_has_the_panels_that_we_replace() -> None:
    assert account.NameEmailSettingsPanel.name == "name_email"
    assert account.ChangePasswordPanel.name == "password"
    assert issubclass(account_screen.PasswordPanel, account.ChangePasswordPanel)
    assert "self.get_panels()" in inspect.getsource(account.AccountView.get_context_data)


def test_our_views_answer_at_wagtails_addresses() -> None:
    link = reverse("wagtailadmin_password_reset_confirm", kwargs={"uidb64": "x", "token": "y"})
    for url, view in (
        (reverse("wagtailadmin_account"), account_screen.AccountView),
        (reverse("wagtailadmin_password_reset"), password_link_views.PasswordLinkRequestView),
        (link, password_link_views.ChoosePasswordView),
    ):
        function = resolve(url).func
        # ``require_admin_access`` wraps a view without copying its attributes
        wrapped = inspect.getclosurevars(function).nonlocals.get("view_func", function)
        assert getattr(wrapped, "view_class", None) is view, url


def test_user_forms_have_no_password_and_the_fields_that_we_confirm() -> None:
    assert not {"password1", "password2"} & set(user_forms.InvitationForm().fields)
    fields = set(user_forms.UserFactsForm(request=HttpRequest()).fields)
    assert {"username", "email", "first_name", "last_name", "your_password", "your_code"} <= fields
    assert not {"password1", "password2"} & fields


def test_group_views_store_permissions_in_process_form() -> None:
    for view in (groups.CreateView, groups.EditView):
        assert "permission_panel" in inspect.getsource(view.process_form)


def test_replaced_templates_exist_in_wagtail() -> None:
    stock = Path(wagtail.admin.__file__).parent / "templates"
    ours = Path(settings.BASE_DIR) / "templates"
    replaced = sorted(path.relative_to(ours) for path in (ours / "wagtailadmin").rglob("*.html"))
    assert len(replaced) == 7
    assert all((stock / path).exists() for path in replaced)


def test_profile_pictures_are_uploaded_by_our_form() -> None:
    assert account.AvatarSettingsPanel.form_class is CleanAvatarForm
    assert "AvatarSettingsPanel(" in inspect.getsource(account.AccountView.get_panels)


def test_pictures_are_stored_in_the_folders_that_are_cleaned() -> None:
    paths = [
        get_image_model()(collection_id=1).get_upload_to("a.png"),
        upload_avatar_to(UserProfile(), "a.png"),
    ]
    assert all(path.startswith(IMAGE_FOLDERS) for path in paths)


FORMULAS = [*"=+-@", "\t=", "\r=", "\n=", " =", "\ufeff=", "\uff1d", "\uff0b", "\uff0d", "\uff20"]


def test_an_export_of_wagtails_holds_no_formula(
    client: Client, superuser: Any, figure_files: None, site: Any
) -> None:
    image = make_image("red", by=superuser)
    for start in FORMULAS:
        log(image, "wagtail.edit", user=superuser, title=f"{start}HYPERLINK(1)")
    client.force_login(superuser)
    response = client.get("/admin/reports/site-history/?export=csv")
    text = response.getvalue().decode()
    cells = [cell for row in csv.reader(StringIO(text, newline="")) for cell in row if "HYPERLINK" in cell]
    assert len(cells) == len(FORMULAS)
    assert all(cell.startswith("'") for cell in cells)


def test_every_export_of_wagtails_uses_the_method_that_we_patch() -> None:
    source = inspect.getsource(SpreadsheetExportMixin)
    assert source.count("self.preprocess_field_value(field, value, self.FORMAT_") == 2
    assert not [
        view
        for view in _subclasses(SpreadsheetExportMixin)
        if "preprocess_field_value" in vars(view) or "write_csv_row" in vars(view)
    ]


def _subclasses(view: type) -> set[type]:
    return {view_class for child in view.__subclasses__() for view_class in {child, *_subclasses(child)}}


def test_a_workbook_of_wagtails_can_hold_any_name(
    client: Client, superuser: Any, figure_files: None, site: Any
) -> None:
    image = make_image("red", by=superuser)
    for title in ("=1+1", "A\x0bB"):
        log(image, "wagtail.edit", user=superuser, title=title)
    client.force_login(superuser)
    response = client.get("/admin/reports/site-history/?export=xlsx")
    sheet = openpyxl.load_workbook(BytesIO(response.getvalue())).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {"=1+1", "AB"} <= {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_lists_have_the_classes_and_the_event_by_which_they_are_arranged(superuser: Any) -> None:
    page = as_user(superuser).get(reverse("wagtailusers_users:index")).content.decode()
    for part in (
        '<table class="listing',
        'class="title-wrapper"',
        "w-breadcrumbs",
        "w-slim-header__search-form",
    ):
        assert part in page
    script = Path(str(finders.find("wagtailadmin/js/bulk-actions.js"))).read_text()
    assert '"w-swap:success"' in script
