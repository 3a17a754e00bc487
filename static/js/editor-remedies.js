// Write the remedy of a finding into the field that has its words, where they are still there exactly. It is typed
// text like any other: shown, not saved, and undone with Ctrl+Z. Or choose the band of the side effect it is about,
// or the newer source.
(() => {
  const anchors = window.editorAnchors;
  if (!anchors?.form || window.editorRemedies) return;
  const { form, find, expand } = anchors;
  const FIELDS = "[data-draftail-editor-wrapper], textarea, input[type=text], input:not([type])";

  const status = document.createElement("p");
  status.className = "w-sr-only";
  status.setAttribute("role", "status");
  form.append(status); // beside the findings' own, which the page has at its end

  // Characters as the rules read them: [character, start, end], white space collapsed, “^” before what is raised.
  const collapse = (characters) => {
    const kept = [];
    for (const [character, start, end] of characters) {
      const last = kept[kept.length - 1];
      if (!/\s/.test(character)) kept.push([character, start, end]);
      else if (last && last[0] !== " ") kept.push([" ", start, end]);
      else if (last && last[2] === start) last[2] = end;
    }
    if (kept.length && kept[kept.length - 1][0] === " ") kept.pop();
    return kept;
  };
  const charactersOf = (text, from = 0) => {
    let at = from;
    return [...text].map((character) => {
      const start = at;
      at += character.length;
      return [character, start, at];
    });
  };
  const linesOf = (block) => {
    const raised = (at) => at >= 0 && block.getInlineStyleAt(at).has("SUPERSCRIPT");
    const lines = [[]];
    for (const each of charactersOf(block.getText())) {
      const [character, start] = each;
      if (character === "\n") lines.push([]);
      else {
        if (raised(start) && !(start && raised(start - 1))) lines[lines.length - 1].push(["^", start, start]);
        lines[lines.length - 1].push(each);
      }
    }
    return lines.map(collapse);
  };
  const rangeOf = (line, remedy) => {
    if (!line.length || line.map(([character]) => character).join("") !== remedy.passage) return null;
    const old = line.slice(remedy.start, remedy.end);
    return [old[0][1], old[old.length - 1][2]];
  };

  const applyToRichText = (wrapper, remedy) => {
    const input = [...wrapper.parentElement.children].find((each) => each.draftailEditor);
    if (!input) return false;
    const { EditorState, Modifier, SelectionState } = window.DraftJS;
    const editor = input.draftailEditor;
    const state = editor.getEditorState();
    const content = state.getCurrentContent();
    for (const block of content.getBlocksAsArray()) {
      for (const line of linesOf(block)) {
        const range = rangeOf(line, remedy);
        if (!range) continue;
        const key = block.getKey();
        const selection = SelectionState.createEmpty(key).merge({ anchorOffset: range[0], focusOffset: range[1] });
        const next = remedy.new
          ? Modifier.replaceText(content, selection, remedy.new, block.getInlineStyleAt(range[0]), block.getEntityAt(range[0]))
          : Modifier.removeRange(content, selection, "forward");
        expand(wrapper);
        wrapper.scrollIntoView({ block: "nearest" });
        const pushed = EditorState.push(state, next, "insert-fragment");
        const after = SelectionState.createEmpty(key).merge({ anchorOffset: range[0], focusOffset: range[0] + remedy.new.length, hasFocus: true });
        editor.onChange(EditorState.forceSelection(pushed, after));
        return true;
      }
    }
    return false;
  };
  const applyToField = (box, remedy) => {
    const range = rangeOf(collapse(charactersOf(box.value)), remedy);
    if (!range || box.disabled || box.readOnly) return false;
    expand(box);
    box.focus();
    box.setSelectionRange(...range);
    // insertText keeps the browser's own undo
    if (!document.execCommand(remedy.new ? "insertText" : "delete", false, remedy.new)) {
      box.setRangeText(remedy.new, ...range, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    box.setSelectionRange(range[0], range[0] + remedy.new.length);
    box.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };

  // Choose the band of the one side effect that is as the rule read it.
  const applyBand = (scope, remedy) => {
    const says = (box, words) => Boolean(box) && box.value.split(/\s+/).filter(Boolean).join(" ") === words;
    const lists = [...(scope?.querySelectorAll("select[name$='-frequency']") || [])].filter((list) => {
      const field = (name) => form.elements[list.name.replace(/frequency$/, name)];
      const gone = list.closest("[data-streamfield-child]")?.querySelector(":scope > input[name$='-deleted']")?.value;
      return !gone && list.value === remedy.before && says(field("name"), remedy.effect) && says(field("explanation"), remedy.explanation);
    });
    if (lists.length !== 1 || lists[0].disabled) return false;
    const [list] = lists;
    expand(list);
    list.focus();
    list.value = remedy.band;
    for (const kind of ["input", "change"]) list.dispatchEvent(new Event(kind, { bubbles: true }));
    return true;
  };

  /** Write a remedy into the section or field `anchor`; return whether its words were there. */
  const apply = (anchor, remedy) => {
    const scope = find(anchor);
    for (const box of scope ? scope.querySelectorAll(FIELDS) : []) {
      if (box.closest(".editor-annotations") || box.parentElement.closest("[data-draftail-editor-wrapper]")) continue;
      if (box.matches("[data-draftail-editor-wrapper]") ? applyToRichText(box, remedy) : applyToField(box, remedy)) return true;
    }
    return false;
  };

  // Findings are a moment older than the text after a click, and so may be those that come next: other remedies
  // for the passage as it was move along.
  const KEPT = 50;
  let written = [];
  const rebased = (remedy) =>
    written.reduce((moved, done) => {
      const apart = moved && (moved.start >= done.end || moved.end <= done.start);
      if (!moved || moved.passage !== done.passage) return moved;
      if (!apart) return null;
      const letters = [...done.passage];
      const passage = [...letters.slice(0, done.start), ...done.new, ...letters.slice(done.end)].join("");
      if (collapse(charactersOf(passage)).length !== [...passage].length) return null;
      const shift = moved.start >= done.end ? [...done.new].length - (done.end - done.start) : 0;
      return { ...moved, passage, start: moved.start + shift, end: moved.end + shift };
    }, remedy);
  const applyNow = (anchor, remedy) => {
    if (remedy.band) return applyBand(find(anchor), remedy);
    if (remedy.older) return Boolean(window.editorSources?.replace(remedy));
    const moved = rebased(remedy);
    const [used] = [remedy, ...(moved && moved !== remedy ? [moved] : [])].filter((each) => apply(anchor, each));
    if (used) written = [...written, used].slice(-KEPT);
    return Boolean(used);
  };
  window.editorRemedies = { apply: applyNow };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-editor-remedy]");
    if (!button) return;
    const remedy = JSON.parse(button.dataset.editorRemedy);
    const error = button.parentElement.querySelector("[data-editor-error]");
    if (applyNow(button.dataset.editorAnchor, remedy)) {
      error.textContent = "";
      const outcome = remedy.outcome[0].toUpperCase() + remedy.outcome.slice(1);
      status.textContent = `${outcome}. It is not saved yet${remedy.passage ? "; Ctrl+Z undoes it" : ""}.`;
      form.dispatchEvent(new Event("change", { bubbles: true }));
    } else {
      error.textContent = remedy.band
        ? "This side effect is not here any more as it was, or is here twice, so no band was chosen."
        : remedy.older
          ? "The list of sources does not have this one any more as it was, so nothing was replaced."
          : "These words are not in a field here any more as they were, so nothing was replaced.";
    }
  });
})();
