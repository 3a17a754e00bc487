// Locate sections, fields and passages in Wagtail's editor, and scroll to them. The form is not changed.
window.editorAnchors = (() => {
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

  /** Return the element of a section or field; null if the editor does not show it. */
  const find = (anchor) => section(anchor) || field(anchor) || null;

  /** Return where annotations are inserted: at the top of a section's panel, or below a single field. */
  const slotFor = (anchor) => {
    const child = section(anchor);
    if (child) return { parent: child.querySelector(".w-panel__content"), first: true };
    const own = field(anchor);
    if (own) return { parent: own, first: Boolean(own.querySelector("[data-streamfield-stream-container]")) };
    // A missing section has no element: its annotations go where it would be.
    const stream = field("sections") || field("body") || field("title");
    return stream && { parent: stream, first: true };
  };

  const expand = (element) => {
    for (let up = element; up && up !== form; up = up.parentElement) {
      if (up.matches("[role=tabpanel][hidden]")) document.getElementById(up.getAttribute("aria-labelledby"))?.click();
      const toggle = up.matches("[data-panel]") && up.querySelector(":scope > .w-panel__header > [data-panel-toggle]");
      if (toggle && toggle.getAttribute("aria-expanded") === "false") toggle.click();
    }
  };

  // Collapse whitespace as the rules do. `at` maps each character to its offset in `text`.
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
  const locate = (text, excerpt) => {
    const { flat, at } = flatten(text);
    const sought = flatten(excerpt).flat.trim();
    const start = sought ? flat.indexOf(sought) : -1;
    return start < 0 ? null : [at[start], at[start + sought.length - 1] + 1];
  };

  const rangeIn = (box, excerpt) => {
    for (const block of box.querySelectorAll("[data-block]")) {
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      const nodes = [];
      while (walker.nextNode()) nodes.push(walker.currentNode);
      const place = locate(nodes.map((node) => node.data).join(""), excerpt);
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

  // The middle of what is taller than the window would leave the cursor out of sight.
  const scrollToElement = (element) => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const block = element.getBoundingClientRect().height > innerHeight / 2 ? "start" : "center";
    element.scrollIntoView({ block, behavior: still ? "auto" : "smooth" });
  };
  const highlight = (range) => {
    if (!window.Highlight) return;
    CSS.highlights.set("editor-place", new Highlight(range));
    setTimeout(() => CSS.highlights.delete("editor-place"), 6000);
  };

  /** Scroll to an excerpt and select it; to the section or field if there is no excerpt. */
  const show = (anchor, excerpt) => {
    const place = find(anchor) || slotFor(anchor)?.parent;
    if (!place) return;
    expand(place);
    const boxes = place.querySelectorAll(
      "textarea:not([data-editor-field]), input:not([type=hidden]), .public-DraftEditor-content",
    );
    for (const box of excerpt ? boxes : []) {
      const typed = "value" in box ? locate(box.value, excerpt) : null;
      const range = "value" in box ? null : rangeIn(box, excerpt);
      if (!typed && !range) continue;
      expand(box);
      scrollToElement(range ? range.startContainer.parentElement : box);
      box.focus({ preventScroll: true });
      if (typed && box.setSelectionRange && /^(text|textarea|url|search)$/.test(box.type)) box.setSelectionRange(...typed);
      if (range) {
        highlight(range);
        // Draftail restores the caret first; select the excerpt after that.
        setTimeout(() => getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset));
      }
      return;
    }
    // The panel of a section is inside of its element
    if (boxes[0]) expand(boxes[0]);
    scrollToElement(place);
    boxes[0]?.focus({ preventScroll: true });
  };

  let untouched = true;
  for (const type of ["keydown", "pointerdown"]) addEventListener(type, () => { untouched = false; }, { once: true });
  /**
   * Show the place that the address leads to, if it names one: `#place=how_it_works&words=5.0`. What comes later, as
   * findings do, moves the place away, so it is shown again; not once the writer does something.
   */
  const showAddressed = () => {
    const address = new URLSearchParams(location.hash.slice(1));
    if (untouched && address.get("place")) show(address.get("place"), address.get("words"));
  };

  return { form, find, section, expand, slotFor, show, showAddressed };
})();
