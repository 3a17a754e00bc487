"""What we rely on in Wagtail's page editor."""

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import find
from django.core.exceptions import ValidationError
from django.urls import resolve, reverse
from django.utils.functional import cached_property
from wagtail import admin as wagtail_admin
from wagtail import blocks
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.telepath import JSContext
from wagtail.admin.telepath.widgets import WidgetAdapter
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.pages import create, edit, preview, revisions
from wagtail.blocks.base import BlockField
from wagtail.blocks.list_block import ListBlockAdapter
from wagtail.blocks.stream_block import StreamBlockAdapter
from wagtail.blocks.struct_block import StructBlockAdapter
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock, TypedTableBlockValidationError

from monographs.blocks import SectionsBlock, SourcesBlock
from monographs.blocks.adapters import (
    EffectListBlockAdapter,
    SectionsBlockAdapter,
    SourceBlockAdapter,
    SourceReferencesAdapter,
    SourcesBlockAdapter,
)
from monographs.blocks.parts import EffectListBlock
from monographs.blocks.source_blocks import SourceBlock, SourceReferencesInput
from monographs.models import MonographPage
from monographs.review.wagtail_integration import blocked_routes, editor_views

#: Strings in the editor's source that look like names of buttons and are none, or are harmless.
NO_BUTTONS = {"action-name", "action-url-value", "action-extra-data", "action-cancel-workflow"}


def test_the_editor_reads_no_button_that_we_do_not_know() -> None:
    source = inspect.getsource(edit) + inspect.getsource(create)
    names = set(re.findall(r"\baction-[a-z][a-z-]*", source)) - NO_BUTTONS
    assert names
    assert names <= set(blocked_routes.BLOCKED_BUTTONS)
    assert blocked_routes.CANCEL in source


def test_editor_views_create_side_panels_as_we_override_it() -> None:
    for view in (edit.EditView, create.CreateView, revisions.RevisionsRevertView):
        assert list(inspect.signature(view.get_side_panels).parameters) == ["self"]
        assert "return MediaContainer(" in inspect.getsource(view.get_side_panels)
        assert hasattr(view, "expects_json_response")
    assert hasattr(edit.EditView, "hydrate_create_view")
    assert {"page_content_type", "parent_page"} <= set(re.findall(r"self\.(\w+)", inspect.getsource(create)))


@pytest.mark.parametrize(
    ("name", "arguments", "view"),
    [
        ("edit", [1], editor_views.ReviewedEditView),
        ("revisions_revert", [1, 1], editor_views.ReviewedRevertView),
        ("add", ["monographs", "monographpage", 1], editor_views.ReviewedCreateView),
    ],
)
def test_the_editors_addresses_lead_to_our_views(name: str, arguments: list[Any], view: type) -> None:
    found = resolve(reverse(f"wagtailadmin_pages:{name}", args=arguments)).func
    assert found.view_class is view


def test_a_side_panel_has_toggle_and_context() -> None:
    assert list(inspect.signature(BaseSidePanel.__init__).parameters) == ["self", "object", "request"]
    assert list(inspect.signature(BaseSidePanel.get_context_data).parameters) == ["self", "parent_context"]
    assert {"aria_label", "icon_name", "counter_classname"} <= set(vars(BaseSidePanel.SidePanelToggle))


def test_preview_views_have_what_the_endpoints_use() -> None:
    for view in (preview.PreviewOnEdit, preview.PreviewOnCreate):
        assert callable(view.get_object)
        assert callable(view.dispatch)
        assert "self.object" in inspect.getsource(preview)
    assert "parent_object_id" in inspect.getsource(preview.PreviewOnCreate)


def test_the_page_form_can_defer_required_fields() -> None:
    form_class = MonographPage.get_edit_handler().get_form_class()
    assert issubclass(form_class, WagtailAdminPageForm)
    assert "comments" not in form_class.formsets, "reviewers leave notes, and there is one system of remarks"
    assert list(inspect.signature(form_class.defer_required_fields).parameters) == ["self"]
    assert isinstance(form_class.base_fields["sections"], BlockField)


def test_the_editor_knows_whether_its_form_is_out_of_date() -> None:
    source = inspect.getsource(edit.EditView)
    for name in (
        "loaded_revision_id",
        "loaded_revision_created_at",
        "has_unsaved_changes",
    ):
        assert name in source
    assert isinstance(vars(edit.EditView)["is_out_of_date"], cached_property)
    assert isinstance(vars(edit.EditView)["latest_revision_created_at"], cached_property)
    for view in (edit.EditView, create.CreateView):
        assert "self.form = self.form_class(" in inspect.getsource(view.post)


def test_the_editors_scripts_have_the_events_and_functions_we_use() -> None:
    scripts = "".join(
        Path(finders.find(f"wagtailadmin/js/{name}.js")).read_text() for name in ("core", "draftail")
    )
    for name in ("revision_created_at", "overwrite_revision_id", "getCommandPalettePrompt", "watch-edits"):
        assert name in scripts
    assert "window.Draftail" in scripts
    form = Path(wagtail_admin.__file__).parent / "templates" / "wagtailadmin" / "pages" / "edit.html"
    assert 'id="page-edit-form"' in form.read_text()
    assert "w-unsaved:add->w-autosave#save" in form.read_text()


def script(name: str) -> str:
    """Return a script of Wagtail's admin."""
    return Path(finders.find(f"wagtailadmin/js/{name}.js")).read_text()


def test_sequences_of_blocks_have_what_our_scripts_call() -> None:
    assert (StreamBlockAdapter.js_constructor, ListBlockAdapter.js_constructor) == (
        "wagtail.blocks.StreamBlock",
        "wagtail.blocks.ListBlock",
    )
    code = script("telepath/blocks")
    inserts = ("insert({type:", "insert(e,t,i){return this._insert(")
    for part in (
        *inserts,
        "_getChildDataForInsertion(",
        "deleteBlock(",
        "childBlockDefsByName",
        "container=l",
    ):
        assert part in code, part
    for page_block, adapter in (
        (SectionsBlock, SectionsBlockAdapter),
        (EffectListBlock, EffectListBlockAdapter),
    ):
        packed = JSContext().pack(page_block())
        assert packed["_type"] == adapter.js_constructor


def test_choosers_and_blocks_have_what_the_script_of_sources_calls() -> None:
    assert (StructBlockAdapter.js_constructor, WidgetAdapter.js_constructor) == (
        "wagtail.blocks.StructBlock",
        "wagtail.widgets.Widget",
    )
    assert "openModal(e,t){" in script("vendor")
    code = script("telepath/blocks")
    for part in ("childBlockDefs", "childBlocks", "getState()", "blockDef", "children"):
        assert part in code, part
    assert "this.input=" in script("telepath/widgets")
    for value, adapter in (
        (SourcesBlock(), SourcesBlockAdapter),
        (SourceBlock(), SourceBlockAdapter),
        (SourceReferencesInput(), SourceReferencesAdapter),
    ):
        assert JSContext().pack(value)["_type"] == adapter.js_constructor


def test_panels_have_the_buttons_and_events_that_our_scripts_use() -> None:
    code = script("telepath/blocks")
    for name in (
        *("wagtail:panel-init", "wagtail:panel-toggle", "data-panel-toggle", "data-panel-heading"),
        *("data-streamfield-action", "MOVE_UP", "MOVE_DOWN", "DUPLICATE", "data-streamfield-list-add"),
        *("w-panel__header", "w-panel__content", "data-streamfield-child"),
    ):
        assert name in code, name
    assert "w-minimap__collapse-all" in script("wagtailadmin")


class Struct(blocks.StructBlock):
    word = blocks.CharBlock()
    words = blocks.ListBlock(blocks.CharBlock())


def test_the_editor_of_tables_has_what_we_adapt() -> None:
    """Its stored form, its errors by row and column, and the names that our script relies on."""
    block = TypedTableBlock([("cell", blocks.CharBlock())])
    value = block.to_python(
        {"columns": [{"type": "cell", "heading": ""}], "rows": [{"values": [""]}], "caption": ""}
    )
    assert value.row_data == [{"values": [""]}]
    with pytest.raises(TypedTableBlockValidationError) as raised:
        block.clean(value)
    assert raised.value.cell_errors[0][0].messages == ["This field is required."]
    file = find("typed_table_block/js/typed_table_block.js")
    script = Path(str(file)).read_text(encoding="utf-8")
    names = (
        "toggleAddColumnMenu insertColumn deleteColumn insertRow deleteRow appendColumnButton addRowButton"
    )
    for name in (
        *names.split(),
        "append-column",
        "prepend-row",
        "delete-row",
        "delete-column",
        "control-cell",
    ):
        assert name in script


def test_a_streams_errors_have_the_structure_we_read() -> None:
    """By position in streams and lists, by name in structs; a block's own errors apart."""
    stream = blocks.StreamBlock([("struct", Struct())], min_num=2)
    value = stream.to_python([{"type": "struct", "value": {"word": "", "words": [""]}}])
    with pytest.raises(ValidationError) as raised:
        stream.clean(value)
    assert raised.value.non_block_errors.as_data()
    (struct_error,) = raised.value.block_errors.values()
    assert set(raised.value.block_errors) == {0}
    assert set(struct_error.block_errors) == {"word", "words"}
    assert set(struct_error.block_errors["words"].block_errors) == {0}
    assert struct_error.block_errors["word"].messages == ["This field is required."]


def test_wagtails_scripts_have_what_a_paste_relies_on() -> None:
    scripts = Path(wagtail_admin.__file__).parent / "static/wagtailadmin/js"
    draftail = (scripts / "draftail.js").read_text()
    for name in (
        "onPaste",
        "draftailEditor",
        "data-draftail-editor-wrapper",
        "registerPlugin",
    ):
        assert name in draftail, name
    streams = "".join(path.read_text() for path in scripts.rglob("*.js"))
    for name in ("rootBlock", "childBlockDefsByName", "deleteBlock", "childBlocks", "DraftJS"):
        assert name in streams, name
