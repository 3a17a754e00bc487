// Keys of the editor. Alt with an arrow up or down moves the item with the cursor, and the cursor stays in it; with
// Shift it is duplicated. In side effects, Enter and the tab key lead from row to row, and add a row after the last.
(() => {
  const { form } = window.editorAnchors;
  if (!form || !document.querySelector("[data-editor-panel]")) return;
  const CHILD = "[data-streamfield-child]";
  const EFFECTS = '[data-editor-block="EffectListBlock"]';

  const status = document.createElement("p");
  status.className = "w-sr-only";
  status.setAttribute("aria-live", "polite");
  document.body.append(status);

  const blockOf = (element) => element.closest(CHILD)?.parentElement.closest("[data-streamfield-stream-container], [data-streamfield-list-container]");
  const siblings = (child) => [...child.parentElement.children].filter((each) => each.matches(CHILD) && each.getAttribute("aria-hidden") !== "true");
  const action = (child, name) => child.querySelector(`[data-streamfield-action="${name}"]`);

  const settle = (child, focused) => {
    focused.focus({ preventScroll: true });
    if (document.activeElement !== focused) action(child, "MOVE_UP").disabled ? action(child, "MOVE_DOWN").focus() : action(child, "MOVE_UP").focus();
    child.scrollIntoView({ block: "nearest" });
    const all = siblings(child);
    status.textContent = `Moved to place ${all.indexOf(child) + 1} of ${all.length}.`;
  };
  const move = (child, name) => {
    const focused = document.activeElement;
    const button = action(child, name);
    if (!button || button.disabled) return;
    button.click();
    settle(child, focused);
  };
  const isSection = (child) => Boolean(child.querySelector(':scope > input[name^="sections-"][name$="-type"]')?.name.match(/^sections-\d+-type$/));

  form.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    // There these keys open the list of choices
    if (event.target.matches('select, [role="combobox"], [aria-haspopup="listbox"]')) return;
    const child = event.target.closest(CHILD);
    if (!child || !blockOf(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.shiftKey) move(child, event.key === "ArrowUp" ? "MOVE_UP" : "MOVE_DOWN");
    else if (event.key === "ArrowDown" && !isSection(child)) action(child, "DUPLICATE")?.click();
  }, true);
  // Wagtail's own buttons lose the focus with the item they move.
  form.addEventListener("click", (event) => {
    const button = event.target.closest('[data-streamfield-action="MOVE_UP"], [data-streamfield-action="MOVE_DOWN"]');
    const child = button?.closest(CHILD);
    if (child && event.isTrusted) setTimeout(() => settle(child, button));
  }, true);

  // Rows of side effects
  const fieldsOf = (row) => [...row.querySelectorAll(".effect-row :is(input:not([type=hidden]), select, textarea)")];
  const nameOf = (row) => fieldsOf(row)[0];
  const isBlank = (row) => fieldsOf(row).every((field) => !field.value.trim());
  const next = (list, row) => {
    const rows = siblings(row);
    const at = rows.indexOf(row);
    if (at < rows.length - 1) return rows[at + 1];
    if (isBlank(row)) return null;
    const { element } = window.addEditorBlock(list, at + 1);
    element.dataset.editorAdded = "";
    return element;
  };
  const goOn = (event, list, row) => {
    const to = next(list, row);
    if (!to) return;
    event.preventDefault();
    nameOf(to).focus();
    to.scrollIntoView({ block: "nearest" });
  };
  form.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
    const row = event.target.closest(".effect-row")?.closest(CHILD);
    const list = row?.closest(EFFECTS);
    if (!list) return;
    if (event.key === "Enter" && event.target.matches("input, textarea")) {
      event.preventDefault();
      goOn(event, list, row);
    } else if (event.key === "Tab" && event.target === fieldsOf(row).at(-1)) goOn(event, list, row);
  });
  // A row that a key added and nobody wrote in goes once the cursor has left it.
  form.addEventListener("focusout", ({ target, relatedTarget }) => {
    const row = target.closest("[data-editor-added]");
    if (!row || !relatedTarget || row.contains(relatedTarget)) return;
    const list = row.closest(EFFECTS);
    if (!isBlank(row)) return;
    delete row.dataset.editorAdded;
    list.editorBlock.deleteBlock(siblings(row).indexOf(row), {});
  });
})();
