// Where things are in Wagtail's editor: sections, fields, and words within them. Nothing in it is changed.
window.editorPlaces = (() => {
  const form = document.querySelector("[data-edit-form]");

  // A section is a child of the stream "sections"; everything else is a field of the page.
  const section = (anchor) => {
    for (const type of form.querySelectorAll(`input[name^="sections-"][value="${CSS.escape(anchor)}"]`)) {
      if (!/^sections-\d+-type$/.test(type.name)) continue;
      const child = type.closest("[data-streamfield-child]");
      if (form.elements[type.name.replace(/type$/, "deleted")].value !== "1") return child;
    }
    return null;
  };
  const field = (anchor) => anchor && form.querySelector(`[data-contentpath="${CSS.escape(anchor)}"]`);

  /** The element that holds a section or field; null when the editor does not show it. */
  const find = (anchor) => section(anchor) || field(anchor) || null;

  /** Where what is said of it goes: the top of its panel, or below a single field. */
  const slot = (anchor) => {
    const child = section(anchor);
    if (child) return { parent: child.querySelector(".w-panel__content"), first: true };
    const own = field(anchor);
    if (own) return { parent: own, first: Boolean(own.querySelector("[data-streamfield-stream-container]")) };
    // What is missing has no place yet: it is said where it would be.
    const stream = field("sections") || field("body") || field("title");
    return stream && { parent: stream, first: true };
  };

  const unfold = (element) => {
    for (let up = element; up && up !== form; up = up.parentElement) {
      if (up.matches("[role=tabpanel][hidden]")) document.getElementById(up.getAttribute("aria-labelledby"))?.click();
      const toggle = up.matches("[data-panel]") && up.querySelector(":scope > .w-panel__header > [data-panel-toggle]");
      if (toggle && toggle.getAttribute("aria-expanded") === "false") toggle.click();
    }
  };

  // Words as the rules read them: any run of spaces is one. `at` leads back to the place of each letter.
  const flatten = (text) => {
    let flat = "";
    const at = [];
    for (let n = 0; n < text.length; n += 1) {
      const space = /\s/.test(text[n]);
      if (space && (!flat || flat.endsWith(" "))) continue;
      flat += space ? " " : text[n];
      at.push(n);
    }
    return { flat, at };
  };
  const locate = (text, words) => {
    const { flat, at } = flatten(text);
    const sought = flatten(words).flat.trim();
    const start = sought ? flat.indexOf(sought) : -1;
    return start < 0 ? null : [at[start], at[start + sought.length - 1] + 1];
  };

  const rangeIn = (box, words) => {
    for (const block of box.querySelectorAll("[data-block]")) {
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      const nodes = [];
      while (walker.nextNode()) nodes.push(walker.currentNode);
      const place = locate(nodes.map((node) => node.data).join(""), words);
      if (!place) continue;
      const range = document.createRange();
      let passed = 0;
      for (const node of nodes) {
        const end = passed + node.length;
        if (place[0] >= passed && place[0] < end) range.setStart(node, place[0] - passed);
        if (place[1] > passed && place[1] <= end) range.setEnd(node, place[1] - passed);
        passed = end;
      }
      return range;
    }
    return null;
  };

  const bring = (element) => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    element.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  };
  const mark = (range) => {
    if (!window.Highlight) return;
    CSS.highlights.set("editor-place", new Highlight(range));
    setTimeout(() => CSS.highlights.delete("editor-place"), 6000);
  };

  /** Bring the words to where the writer looks, with the caret there; the place itself without words. */
  const show = (anchor, words) => {
    const place = find(anchor) || slot(anchor)?.parent;
    if (!place) return;
    unfold(place);
    const boxes = place.querySelectorAll(
      "textarea:not([data-desk-field]), input:not([type=hidden]), .public-DraftEditor-content",
    );
    for (const box of words ? boxes : []) {
      const typed = "value" in box ? locate(box.value, words) : null;
      const range = "value" in box ? null : rangeIn(box, words);
      if (!typed && !range) continue;
      unfold(box);
      bring(range ? range.startContainer.parentElement : box);
      box.focus({ preventScroll: true });
      if (typed && box.setSelectionRange && /^(text|textarea|url|search)$/.test(box.type)) box.setSelectionRange(...typed);
      if (range) {
        mark(range);
        // Its editor puts the caret where it was; the words are chosen after that.
        setTimeout(() => getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset));
      }
      return;
    }
    bring(place);
    boxes[0]?.focus({ preventScroll: true });
  };

  return { form, slot, show };
})();
