"""What relies on an inside of Wagtail: pages and their permissions."""

from monographs.review.wagtail_integration.reliances.reliance import HERE, Reliance

PAGES = (
    Reliance(
        "wagtail.models.Page.permissions_for_user",
        "Patched: the tree's root and pages without a class of ours get Wagtail's own tester otherwise.",
        f"{HERE}.page_permissions",
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
        f"{HERE}.action_log",
        "test_pages::test_the_actions_with_a_check_are_those_we_know",
    ),
    Reliance(
        "wagtail.admin.views.pages.delete.delete",
        "Our view of its address says why a page cannot be deleted before it asks for a permission.",
        f"{HERE}.page_deletion",
        "test_pages::test_the_address_of_deletion_leads_to_our_view",
    ),
    Reliance(
        "wagtail.models.get_page_models",
        "``pre_delete`` of every page class, also of Wagtail's own, refuses pages that had an edition.",
        f"{HERE}.page_deletion",
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
        f"{HERE}.page_index",
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
        f"{HERE}.page_lists",
        "test_list_queries::test_a_list_takes_as_many_queries_for_many_rows_as_for_few",
    ),
    Reliance(
        "wagtail.admin.views.pages.listing.PageListingMixin.search_queryset",
        "Patched: names that begin with the words of a search come first.",
        f"{HERE}.page_lists",
        "test_page_index::test_a_search_lists_names_that_begin_with_its_words_first",
    ),
    Reliance(
        "wagtail.admin.views.pages.search.page_filter_search",
        "Patched: names that begin with the words of a search come first.",
        f"{HERE}.page_lists",
        "test_page_index::test_a_search_lists_names_that_begin_with_its_words_first",
    ),
    Reliance(
        "wagtail.admin.views.chooser.SearchView.get",
        "Searches the pages that its hook returns: there, names that begin with the words come first.",
        f"{HERE}.page_lists",
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
        f"{HERE}.kept_revisions",
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
)
