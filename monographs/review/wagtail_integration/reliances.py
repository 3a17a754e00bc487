"""Every place that overrides, patches or relies on an inside of Wagtail 7.4, which its documentation does not
promise to keep.

Read it before an upgrade: each entry names what in Wagtail, why, our code, and the test in
``tests/wagtail_integration/`` that fails if Wagtail has changed (``test_reliances.py`` checks that they all
exist). Most of the code is in this package; what lower packages need stays there (``monographs.pages``,
``monographs.accounts``, ``monographs.rules``, the workflow's task in ``monographs.review.models``).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reliance:
    """One reliance. ``wagtail`` and ``code`` are dotted paths, ``test`` is ``module::function``."""

    wagtail: str
    reason: str
    code: str
    test: str


_HERE = "monographs.review.wagtail_integration"

RELIANCES = (
    # Pages and their permissions
    Reliance(
        "wagtail.models.Page.permissions_for_user",
        "Patched: the tree's root and pages without a class of ours get Wagtail's own tester otherwise.",
        f"{_HERE}.page_permissions",
        "test_pages::test_every_page_has_our_permission_tester",
    ),
    Reliance(
        "wagtail.models.PagePermissionTester",
        "Overridden: Wagtail's screens, API and actions ask it before they publish, move or delete.",
        "monographs.pages.permissions",
        "test_pages::test_wagtail_asks_no_permission_that_we_have_not_considered",
    ),
    Reliance(
        "wagtail.models.Page.publish",
        "Overridden: every way to publish a revision calls it, so unsigned revisions are refused there.",
        "monographs.pages.base",
        "test_pages::test_publishing_a_revision_calls_page_publish",
    ),
    Reliance(
        "wagtail.models.Page.save_revision",
        "Overridden: the editor stores drafts by it, so a page in review refuses there.",
        "monographs.pages.base",
        "test_pages::test_overridden_page_methods_have_wagtails_parameters",
    ),
    Reliance(
        "wagtail.models.Page.get_url_parts",
        "Overridden: “View live” must lead to the public path.",
        "monographs.pages.base",
        "test_pages::test_overridden_page_methods_have_wagtails_parameters",
    ),
    Reliance(
        "wagtail.admin.forms.pages.CopyForm",
        "Overridden: two of its fields would publish the copy or make it an alias.",
        "monographs.pages.copy_form",
        "test_pages::test_the_copy_form_has_the_fields_we_remove",
    ),
    Reliance(
        "wagtail.actions",
        "Patched: ``check`` of each action class is wrapped, because only there a refusal is known.",
        f"{_HERE}.action_log",
        "test_pages::test_the_actions_with_a_check_are_those_we_know",
    ),
    Reliance(
        "wagtail.admin.views.pages.delete.delete",
        "Our view of its address says why a page cannot be deleted before it asks for a permission.",
        f"{_HERE}.page_deletion",
        "test_pages::test_the_address_of_deletion_leads_to_our_view",
    ),
    Reliance(
        "wagtail.models.get_page_models",
        "``pre_delete`` of every page class, also of Wagtail's own, refuses pages that had an edition.",
        f"{_HERE}.page_deletion",
        "test_pages::test_every_page_class_sends_pre_delete_to_our_receiver",
    ),
    Reliance(
        "wagtail.actions.publish_page_revision.PublishPageRevisionAction",
        "What it stores, logs and sends is repeated to make a signed revision the page's live one.",
        "monographs.review.publication.page_sync",
        "test_workflows::test_signing_ends_a_step_as_wagtails_approval_does",
    ),
    Reliance(
        "wagtail.models.Page.with_content_json",
        "Overridden: content is read without the references that it takes from the row in any case.",
        "monographs.pages.base",
        "test_pages::test_references_of_the_row_are_not_taken_from_a_revision",
    ),
    Reliance(
        "wagtail.models.Page.save",
        "Left out where a signed text becomes the live page with its slug unchanged: it reads the row anew.",
        "monographs.review.publication.live_page",
        "test_page_index::test_both_indexes_have_what_wagtail_would_store",
    ),
    Reliance(
        "wagtail.signal_handlers.disable_reference_index_auto_update",
        "References are taken from the page at hand instead of reading it again.",
        "monographs.review.publication.live_page",
        "test_page_index::test_both_indexes_have_what_wagtail_would_store",
    ),
    Reliance(
        "modelsearch.signal_handlers.post_save_signal_handler",
        "Replaced for our pages (``search_auto_update``): a draft that is saved changes no entry.",
        f"{_HERE}.page_index",
        "test_page_index::test_a_draft_that_is_saved_leaves_the_search_index_alone",
    ),
    Reliance(
        "treebeard.mp_tree.MP_Node.get_parent",
        "Its cached parent is handed to the page that is read from a revision.",
        "monographs.pages.base",
        "test_page_index::test_a_page_of_a_revision_knows_its_parent",
    ),
    Reliance(
        "wagtail.models.WorkflowState.get_next_task",
        "Asked as a compiled query.",
        "monographs.review.publication.step_approval",
        "test_workflows::test_signing_ends_a_step_as_wagtails_approval_does",
    ),
    Reliance(
        "wagtail.log_actions.log",
        "What it stores is repeated in one statement.",
        "monographs.review.publication.page_log",
        "test_workflows::test_signing_ends_a_step_as_wagtails_approval_does",
    ),
    Reliance(
        "wagtail.admin.views.pages.listing.PageListingMixin.annotate_queryset",
        "Patched: every list of pages is annotated with what the menu of a row asks.",
        f"{_HERE}.page_lists",
        "test_list_queries::test_a_list_takes_as_many_queries_for_many_rows_as_for_few",
    ),
    Reliance(
        "wagtail.admin.views.pages.listing.PageListingMixin.search_queryset",
        "Patched: names that begin with the words of a search come first.",
        f"{_HERE}.page_lists",
        "test_page_index::test_a_search_lists_names_that_begin_with_its_words_first",
    ),
    Reliance(
        "wagtail.admin.views.pages.search.page_filter_search",
        "Patched: names that begin with the words of a search come first.",
        f"{_HERE}.page_lists",
        "test_page_index::test_a_search_lists_names_that_begin_with_its_words_first",
    ),
    Reliance(
        "wagtail.admin.views.chooser.SearchView.get",
        "Searches the pages that its hook returns: there, names that begin with the words come first.",
        f"{_HERE}.page_lists",
        "test_page_index::test_a_search_lists_names_that_begin_with_its_words_first",
    ),
    Reliance(
        "wagtail.actions.unpublish_page.UnpublishPageAction.execute",
        "Called with ``skip_permission_checks`` when a page is withdrawn.",
        "monographs.review.publication.page_sync",
        "test_pages::test_wagtails_page_can_be_updated_without_permission",
    ),
    Reliance(
        "wagtail.models.Revision.approved_go_live_at",
        "Set and cleared so that Wagtail shows and locks a scheduled page; its command must not act on it.",
        "monographs.review.publication.page_sync",
        "test_pages::test_our_command_replaces_wagtails_scheduled_publishing",
    ),
    Reliance(
        "wagtail.models.Revision",
        "Its ``post_save``, also when an autosave overwrites a revision, is where contributors are recorded.",
        "monographs.review.contributors.direct",
        "test_pages::test_storing_and_overwriting_a_revision_sends_signals",
    ),
    Reliance(
        "wagtail.models.Revision",
        "Its ``pre_save``, also when an autosave overwrites a revision, keeps those of a draft set aside.",
        f"{_HERE}.kept_revisions",
        "test_pages::test_storing_and_overwriting_a_revision_sends_signals",
    ),
    Reliance(
        "wagtail.log_actions.get_active_log_context",
        "Names the acting user where a signal's sender does not.",
        "monographs.accounts.actors",
        "test_pages::test_the_log_context_names_the_user",
    ),
    Reliance(
        "wagtail.log_actions.registry.get_logs_for_instance",
        "Names the users who changed an image.",
        "monographs.review.contributors.indirect",
        "test_pages::test_the_log_names_the_users_who_changed_an_image",
    ),
    # Workflows
    Reliance(
        "wagtail.models.AbstractGroupApprovalTask",
        "Overridden: starting a step, acting on it, its menu, its lock.",
        "monographs.review.models.task",
        "test_workflows::test_overridden_task_methods_have_wagtails_parameters",
    ),
    Reliance(
        "wagtail.models.Task.on_action",
        "Overridden to refuse: the editor's approval calls it.",
        "monographs.review.models.task",
        "test_workflows::test_the_editors_approval_calls_on_action",
    ),
    Reliance(
        "wagtail.models.TaskState.approve",
        "What it stores, logs and sends is repeated after the step's last signature.",
        "monographs.review.publication.step_approval",
        "test_workflows::test_signing_ends_a_step_as_wagtails_approval_does",
    ),
    Reliance(
        "wagtail.models.TaskState.reject",
        "Called by ``Return``, in its transaction.",
        "monographs.review.actions.recall",
        "test_workflows::test_ending_a_step_takes_user_and_comment_and_is_atomic",
    ),
    Reliance(
        "wagtail.models.WorkflowState.finish",
        "Calls ``WAGTAIL_FINISH_WORKFLOW_ACTION`` inside a transaction, which its error rolls back.",
        f"{_HERE}.workflow_finish",
        "test_workflows::test_an_error_at_the_finish_rolls_the_approval_back",
    ),
    Reliance(
        "wagtail.signals.workflow_cancelled",
        "Sent by every cancellation, so that the submission is recalled with it.",
        f"{_HERE}.workflow_signals",
        "test_workflows::test_a_cancelled_workflow_recalls_its_submission",
    ),
    Reliance(
        "wagtail.locks.WorkflowLock",
        "Overridden: a page in review is locked for everybody.",
        "monographs.review.models.task",
        "test_workflows::test_a_page_in_review_is_locked_by_our_lock",
    ),
    Reliance(
        "wagtail.admin.signal_handlers.register_signal_handlers",
        "Its notifiers are replaced under the names by which it connects them.",
        f"{_HERE}.workflow_emails",
        "test_workflows::test_our_notifiers_replace_wagtails",
    ),
    Reliance(
        "wagtail.admin.views.workflows",
        "Every screen that changes workflows and steps is below its list, so a middleware can undo what a "
        "second person must confirm.",
        f"{_HERE}.workflow_guard",
        "test_workflows::test_wagtail_changes_workflows_nowhere_but_below_their_list",
    ),
    # The editor
    Reliance(
        "wagtail.admin.views.pages.edit.EditView",
        "Reads ``action-…`` buttons from the form, which are removed before it does.",
        f"{_HERE}.blocked_routes",
        "test_editor::test_the_editor_reads_no_button_that_we_do_not_know",
    ),
    Reliance(
        "wagtail.admin.views.pages.create.CreateView",
        "Reads ``action-…`` buttons from the form, which are removed before it does.",
        f"{_HERE}.blocked_routes",
        "test_editor::test_the_editor_reads_no_button_that_we_do_not_know",
    ),
    Reliance(
        "wagtail.admin.views.pages.edit.EditView.get_side_panels",
        "Overridden in all editor views: there is no hook for side panels of pages.",
        f"{_HERE}.editor_views",
        "test_editor::test_editor_views_create_side_panels_as_we_override_it",
    ),
    Reliance(
        "wagtail.admin.urls",
        "Our editor views answer at Wagtail's addresses, decorated as Wagtail decorates them.",
        f"{_HERE}.editor_views",
        "test_editor::test_the_editors_addresses_lead_to_our_views",
    ),
    Reliance(
        "wagtail.admin.ui.side_panels.BaseSidePanel",
        "Base of the panel “House rules”; undocumented.",
        "monographs.review.editor.panel",
        "test_editor::test_a_side_panel_has_toggle_and_context",
    ),
    Reliance(
        "wagtail.admin.views.pages.preview.PreviewOnEdit",
        "Base of the endpoints that annotate the draft in the editor: same object, form and permission.",
        "monographs.review.editor.views",
        "test_editor::test_preview_views_have_what_the_endpoints_use",
    ),
    Reliance(
        "wagtail.admin.forms.WagtailAdminPageForm.defer_required_fields",
        "Used, with ``formsets`` and ``BlockField``, to read an unfinished draft from the editor's form.",
        "monographs.review.editor.form_draft",
        "test_editor::test_the_page_form_can_defer_required_fields",
    ),
    Reliance(
        "wagtail.blocks.StreamBlock.clean",
        "The structure of its errors (``block_errors``, ``non_block_errors``) is turned into messages.",
        "monographs.rules.block_errors",
        "test_editor::test_a_streams_errors_have_the_structure_we_read",
    ),
    Reliance(
        "wagtail.contrib.typed_table_block.blocks.TypedTableBlock",
        "Its rows, errors (``cell_errors``) and editor are adapted, by static/js/editor-tables.js too.",
        "monographs.blocks.tables",
        "test_editor::test_the_editor_of_tables_has_what_we_adapt",
    ),
    Reliance(
        "wagtail.blocks.stream_block.StreamBlockAdapter",
        "static/js/editor-blocks.js adds sections by the methods of its JavaScript class, at once.",
        "monographs.blocks.adapters",
        "test_editor::test_sequences_of_blocks_have_what_our_scripts_call",
    ),
    Reliance(
        "wagtail.blocks.list_block.ListBlockAdapter",
        "static/js/editor-blocks.js and editor-keys.js add and delete rows of side effects likewise.",
        "monographs.blocks.adapters",
        "test_editor::test_sequences_of_blocks_have_what_our_scripts_call",
    ),
    Reliance(
        "wagtail.snippets.widgets.AdminSnippetChooser",
        "static/js/editor-sources.js opens its modal, inserts what is chosen, and reads states of blocks.",
        "monographs.blocks.adapters",
        "test_editor::test_choosers_and_blocks_have_what_the_script_of_sources_calls",
    ),
    Reliance(
        "wagtail.admin.panels.FieldPanel",
        "static/js/editor-panels.js and editor-keys.js press the buttons of its panels and of blocks.",
        "monographs.review.editor.panel",
        "test_editor::test_panels_have_the_buttons_and_events_that_our_scripts_use",
    ),
    # Other screens of the admin
    Reliance(
        "wagtail.admin.auth.permission_denied",
        "Refuses by a redirect with an error message, which the middleware reads.",
        f"{_HERE}.refusal_middleware",
        "test_refusal_middleware::test_a_refused_post_is_recorded_once_with_user_address_and_message",
    ),
    Reliance(
        "wagtail.admin.views.bulk_action.registry.bulk_action_registry",
        "Bulk actions are removed from its dictionary, and one of users is replaced.",
        f"{_HERE}.blocked_routes",
        "test_admin::test_only_known_bulk_actions_are_registered",
    ),
    Reliance(
        "wagtail.admin.views.bulk_action.BulkAction.get_actionable_objects",
        "Tells which pages a bulk action would leave out, so that it can be refused whole.",
        f"{_HERE}.blocked_routes",
        "test_admin::test_a_bulk_action_tells_what_it_would_leave_out",
    ),
    Reliance(
        "wagtail.admin.api.views.PagesAdminAPIViewSet",
        "Overridden to be read-only: its actions publish, move and delete.",
        f"{_HERE}.blocked_routes",
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
        f"{_HERE}.spreadsheets",
        "test_admin::test_an_export_of_wagtails_holds_no_formula",
    ),
    Reliance(
        "wagtail.admin.views.mixins.SpreadsheetExportMixin",
        "No subclass makes its cells in another way.",
        f"{_HERE}.spreadsheets",
        "test_admin::test_every_export_of_wagtails_uses_the_method_that_we_patch",
    ),
    Reliance(
        "wagtail.admin.views.mixins.SpreadsheetExportMixin.generate_xlsx_row",
        "Makes text of what would be a formula in a workbook; control characters are left out by us.",
        f"{_HERE}.spreadsheets",
        "test_admin::test_a_workbook_of_wagtails_can_hold_any_name",
    ),
    Reliance(
        "wagtail.admin.views.account.AvatarSettingsPanel",
        "Its form is replaced by one that cleans profile pictures; there is no setting for it.",
        f"{_HERE}.image_forms",
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
        f"{_HERE}.editor_saves",
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
)
