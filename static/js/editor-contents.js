// The table of contents above the first field, and in a bar that stays in sight; the state of each section in its
// heading; sections added from the contents. Filled by the script of the house rules with what the server answers.
(() => {
  const { form, find, section, show } = window.editorAnchors;
  const panel = document.querySelector("[data-editor-panel]");
  const first = form?.querySelector('[data-contentpath="title"]');
  if (!panel || !first) return;

  const made = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const button = (words, name) => {
    const element = made("button", { type: "button", className: "button button-small button-secondary", textContent: words });
    element.dataset[name] = "";
    return element;
  };

  const top = made("div", { className: "editor-top" });
  const list = made("div", { className: "editor-contents__body" });
  const contents = made("nav", { className: "editor-contents", ariaLabel: "Contents" }, made("h2", { className: "editor-contents__title", textContent: "Contents" }), list);
  const menuList = made("div", { className: "editor-bar__body" });
  const summary = made("summary", { className: "button button-small button-secondary", textContent: "Contents" });
  const menu = made("details", { className: "editor-bar__menu" }, summary, menuList);
  const bar = made("nav", { className: "editor-bar", ariaLabel: "Sections", hidden: true }, menu, button("Close all", "panelsClose"), button("Open all", "panelsOpen"));
  contents.hidden = true;
  const place = first.closest("[role=tabpanel]") || first.parentElement;
  place.prepend(top, contents, bar);

  const setStates = (states) => {
    for (const [anchor, words] of Object.entries(states)) {
      const heading = find(anchor)?.closest("[data-panel], [data-streamfield-child]")?.querySelector(".w-panel__header");
      if (!heading || !(section(anchor) || anchor === "sources")) continue;
      const state = heading.querySelector(":scope > .editor-heading-state") || made("span", { className: "editor-heading-state" });
      if (state.textContent !== words) state.textContent = words;
      if (!state.parentElement) heading.querySelector(":scope > [data-panel-heading]")?.after(state);
    }
  };

  window.editorContents = {
    /** Show what the server said about the draft. */
    fill(answer) {
      const { refill } = window.editorRules;
      refill(top, answer.top);
      refill(list, answer.contents);
      refill(menuList, answer.contents);
      contents.hidden = bar.hidden = !answer.contents.trim();
      setStates(answer.states);
    },
  };

  const sectionsBlock = () => form.querySelector('[data-editor-block="SectionsBlock"]');
  // Where the page has it: before the first section that comes later.
  const indexFor = (type) => {
    const order = Object.keys(sectionsBlock().editorBlock.blockDef.childBlockDefsByName);
    const types = sectionsBlock().editorBlock.children.map((child) => child.type);
    const later = types.findIndex((each) => order.indexOf(each) > order.indexOf(type));
    return later < 0 ? types.length : later;
  };
  const add = (type) => {
    if (!section(type)) window.addEditorBlock(sectionsBlock(), indexFor(type), type);
    show(type, "");
    // The rich text editor of a new section is made after this
    setTimeout(() => section(type)?.contains(document.activeElement) || show(type, ""), 100);
  };

  place.addEventListener("click", ({ target }) => {
    const go = target.closest("[data-contents-go], [data-contents-add]");
    if (!go) return;
    menu.open = false;
    if (go.dataset.contentsAdd) add(go.dataset.contentsAdd);
    else show(go.dataset.contentsGo, "");
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    summary.focus();
  });
  document.addEventListener("click", ({ target }) => {
    if (!menu.contains(target)) menu.open = false;
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
  });

  // What changed in a section, by one request each time the writer opens the fold. One that comes open with new
  // annotations has its text still; closing it empties it.
  const fillChanges = async (fold) => {
    const box = fold.querySelector("[data-editor-changes-text]");
    if (!fold.open) box.replaceChildren();
    if (!fold.open || box.hasChildNodes()) return;
    box.textContent = "Comparing …";
    try {
      const { formData, send } = window.editorRules;
      const { ok, json } = await send(fold.dataset.editorUrl, formData(), window.keptText.fetch);
      if (!box.closest("details")?.open) box.replaceChildren();
      else if (!ok) box.textContent = json.message || "This could not be compared. Close this and open it again.";
      else if (json.html) box.innerHTML = json.html;
      else box.textContent = "It says again what the last edition says.";
    } catch {
      box.textContent = box.closest("details")?.open ? "The server cannot be reached. Close this and open it again." : "";
    }
  };
  form.addEventListener("toggle", ({ target }) => target.matches?.("[data-editor-changes]") && fillChanges(target), true);
})();
