"""What relies on an inside of Wagtail: the editor."""

from monographs.review.wagtail_integration.reliances.reliance import HERE, Reliance

EDITOR = (
    Reliance(
        "wagtail.admin.views.pages.edit.EditView",
        "Reads ``action-…`` buttons from the form, which are removed before it does.",
        f"{HERE}.blocked_routes",
        "test_editor::test_the_editor_reads_no_button_that_we_do_not_know",
    ),
    Reliance(
        "wagtail.admin.views.pages.create.CreateView",
        "Reads ``action-…`` buttons from the form, which are removed before it does.",
        f"{HERE}.blocked_routes",
        "test_editor::test_the_editor_reads_no_button_that_we_do_not_know",
    ),
    Reliance(
        "wagtail.admin.views.pages.edit.EditView.get_side_panels",
        "Overridden in all editor views: there is no hook for side panels of pages.",
        f"{HERE}.editor_views",
        "test_editor::test_editor_views_create_side_panels_as_we_override_it",
    ),
    Reliance(
        "wagtail.admin.urls",
        "Our editor views answer at Wagtail's addresses, decorated as Wagtail decorates them.",
        f"{HERE}.editor_views",
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
)
