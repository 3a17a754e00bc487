"""What relies on an inside of Wagtail: other screens of the admin."""

from monographs.review.wagtail_integration.reliances.reliance import HERE, Reliance

SCREENS = (
    Reliance(
        "wagtail.admin.auth.permission_denied",
        "Refuses by a redirect with an error message, which the middleware reads.",
        f"{HERE}.refusal_middleware",
        "test_refusal_middleware::test_a_refused_post_is_recorded_once_with_user_address_and_message",
    ),
    Reliance(
        "wagtail.admin.views.bulk_action.registry.bulk_action_registry",
        "Bulk actions are removed from its dictionary, and one of users is replaced.",
        f"{HERE}.blocked_routes",
        "test_admin::test_only_known_bulk_actions_are_registered",
    ),
    Reliance(
        "wagtail.admin.views.bulk_action.BulkAction.get_actionable_objects",
        "Tells which pages a bulk action would leave out, so that it can be refused whole.",
        f"{HERE}.blocked_routes",
        "test_admin::test_a_bulk_action_tells_what_it_would_leave_out",
    ),
    Reliance(
        "wagtail.admin.api.views.PagesAdminAPIViewSet",
        "Overridden to be read-only: its actions publish, move and delete.",
        f"{HERE}.blocked_routes",
        "test_admin::test_the_page_api_runs_its_actions_by_action_view",
    ),
    Reliance(
        "wagtail.admin.views.home",
        "Two panels are removed by class: they know workflow tasks but no signatures.",
        "monographs.review.dashboard.hooks",
        "test_admin::test_the_home_page_shows_the_panels_that_we_remove",
    ),
    Reliance(
        "wagtail.permissions.page_permission_policy",
        "Its cached rows tell below which pages a user works.",
        "monographs.review.page_access",
        "test_admin::test_the_page_policy_gives_rows_with_page_and_permission",
    ),
    Reliance(
        "wagtail.admin.views.mixins.SpreadsheetExportMixin.preprocess_field_value",
        "Patched: every export of a list makes its cells by it, and they must hold no formulas.",
        f"{HERE}.spreadsheets",
        "test_admin::test_an_export_of_wagtails_holds_no_formula",
    ),
    Reliance(
        "wagtail.admin.views.mixins.SpreadsheetExportMixin",
        "No subclass makes its cells in another way.",
        f"{HERE}.spreadsheets",
        "test_admin::test_every_export_of_wagtails_uses_the_method_that_we_patch",
    ),
    Reliance(
        "wagtail.admin.views.mixins.SpreadsheetExportMixin.generate_xlsx_row",
        "Makes text of what would be a formula in a workbook; control characters are left out by us.",
        f"{HERE}.spreadsheets",
        "test_admin::test_a_workbook_of_wagtails_can_hold_any_name",
    ),
    Reliance(
        "wagtail.admin.views.account.AvatarSettingsPanel",
        "Its form is replaced by one that cleans profile pictures; there is no setting for it.",
        f"{HERE}.image_forms",
        "test_admin::test_profile_pictures_are_uploaded_by_our_form",
    ),
    Reliance(
        "wagtail.images.models.get_upload_to",
        "The storage cleans pictures by the folders in which Wagtail stores them.",
        "monographs.core.upload_storage",
        "test_admin::test_pictures_are_stored_in_the_folders_that_are_cleaned",
    ),
    Reliance(
        "wagtail.admin.views.account.BaseSettingsPanel",
        "Base of the panel for email preferences, with Wagtail's own tab.",
        "monographs.review.notifications.preferences",
        "test_admin::test_account_settings_have_a_tab_for_notifications",
    ),
    Reliance(
        "wagtail.admin.views.account.AccountView",
        "Replaced at its address: changes of sign-in facts need password and second factor.",
        "monographs.accounts.account_screen",
        "test_admin::test_the_account_screen_has_the_panels_that_we_replace",
    ),
    Reliance(
        "wagtail.admin.views.account.PasswordResetView",
        "Replaced at its address, with the view behind a link: limits, and one answer for every address.",
        "monographs.accounts.password_link_views",
        "test_admin::test_our_views_answer_at_wagtails_addresses",
    ),
    Reliance(
        "wagtail.admin.views.pages.edit.EditView",
        "Runs the hook before_edit_page before it shows or saves a page, and shows its answer instead.",
        "monographs.review.wagtail_integration.edit_question",
        "test_pages::test_the_editor_asks_its_hook_first",
    ),
    Reliance(
        "wagtail.admin.rich_text.editors.draftail.DraftailRichTextArea",
        "Its scripts: a paste is inserted through the editor and stream that they attach to elements.",
        "monographs.imports.paste_feature",
        "test_editor::test_wagtails_scripts_have_what_a_paste_relies_on",
    ),
    Reliance(
        "wagtail.admin.rich_text.editors.draftail.DraftailRichTextArea.media",
        "Its scripts: a remedy is written through the editor that they attach to elements.",
        "monographs.review.editor.panel",
        "test_editor::test_wagtails_scripts_have_what_a_paste_relies_on",
    ),
    Reliance(
        "wagtail.users.forms",
        "Overridden: users have no password field, and a save stores the changed columns only.",
        "monographs.accounts.user_forms",
        "test_admin::test_user_forms_have_no_password_and_the_fields_that_we_confirm",
    ),
    Reliance(
        "wagtail.users.views.users",
        "Overridden: accounts that contributed cannot be deleted.",
        "monographs.accounts.user_admin",
        "test_admin::test_user_views_have_what_we_override",
    ),
    Reliance(
        "wagtail.users.views.groups",
        "Overridden: a group's permissions are stored without a signal, after the form.",
        "monographs.accounts.user_admin",
        "test_admin::test_group_views_store_permissions_in_process_form",
    ),
    Reliance(
        "wagtail.users.views.bulk_actions.DeleteBulkAction",
        "Replaced under its name, because the later registration of a name counts.",
        "monographs.accounts.user_admin",
        "test_admin::test_only_known_bulk_actions_are_registered",
    ),
    Reliance(
        "wagtail.admin.views.pages.edit.EditView.is_out_of_date",
        "Says whether the draft was saved elsewhere since the form was opened; Wagtail asks it before an "
        "autosave only.",
        f"{HERE}.editor_saves",
        "test_editor::test_the_editor_knows_whether_its_form_is_out_of_date",
    ),
    Reliance(
        "wagtail.admin.views.generic.mixins.JsonPostResponseMixin",
        "Our scripts keep typed text until these events and answers of the autosave say that it is stored.",
        "monographs.accounts.wagtail_hooks",
        "test_editor::test_the_editors_scripts_have_the_events_and_functions_we_use",
    ),
    Reliance(
        "wagtail.models.DraftStateMixin.status_string",
        "Replaced: lists and editor show it as the state of a page.",
        "monographs.review.dashboard.stage_names",
        "test_pages::test_lists_show_the_status_string",
    ),
    Reliance(
        "wagtail.admin",
        "Some of its templates are replaced by name: the sign-in page, the frame of pages, the states of a "
        "page and the privacy setting.",
        "monographs.review.wagtail_hooks",
        "test_admin::test_replaced_templates_exist_in_wagtail",
    ),
    Reliance(
        "wagtail.admin.ui.tables.Table",
        "static/js/listing.js and listing.css arrange its cells on a phone, by their classes.",
        "monographs.review.wagtail_hooks",
        "test_admin::test_lists_have_the_classes_and_the_event_by_which_they_are_arranged",
    ),
)
