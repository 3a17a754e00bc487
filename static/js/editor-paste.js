// Read what is pasted into the editor through the import, and say below the field what became of it.
(() => {
  if (window.editorPaste) return; // Wagtail loads the scripts of a widget again with each dialog
  window.editorPaste = true;

  const TYPE = "PASTE"; // an entity type that no text has: Draftail asks entity types to handle a paste
  const PATIENCE = 10000; // ms without an answer before the text is inserted without its formatting
  const EMPTY = { pieces: [], remarks: [] };
  // What a field without formatting cannot show, or what a browser would join or cut off.
  const MARKED = /<(s|strike|del|ins|sup|sub|table|li|input|select|img|math|ruby)\b|line-through|vertical-align|mso-|hidden|display\s*:|opacity|font-size|font-family/i;

  const { announce, report } = window.editorPasteReport;

  // handlePastedText is not told of other types than text and HTML.
  let held = {};
  document.addEventListener(
    "paste",
    ({ clipboardData }) => {
      const types = [...(clipboardData?.types || [])];
      held = { rtf: types.includes("text/rtf") && !types.includes("text/html") };
    },
    true,
  );

  const inputs = () =>
    [...document.querySelectorAll("[data-draftail-editor-wrapper]")]
      .map((wrapper) => [...wrapper.parentElement.children].find((each) => each.draftailEditor))
      .filter(Boolean);
  const pasteUrl = () => inputs()[0]?.draftailEditor.props.entityTypes.find(({ type }) => type === TYPE)?.url;

  const ask = async (url, clipboard, target) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(url, {
        method: "POST",
        signal: stop.signal,
        body: JSON.stringify({ ...clipboard, target }),
        headers: {
          Accept: "application/json",
          "Content-Type": "application/json",
          "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]")?.value || "",
          "X-Requested-With": "XMLHttpRequest",
        },
      });
      const json = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
      if (answer.ok && !answer.redirected) return json;
      return { failed: json.message || "The server did not accept the paste." };
    } catch {
      return { failed: "The server cannot be reached." };
    } finally {
      clearTimeout(timer);
    }
  };

  // Without the server: lines and cells stay apart, struck and hidden words are left out and named.
  const RAISED = { sup: ["0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"], sub: ["0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋"] };
  const safeText = ({ html, text }) => {
    if (!html) return { lines: text.split(/\r\n|\r|\n/).map((line) => line.replace(/\t+/g, " | ")), leftOut: [] };
    const root = new DOMParser().parseFromString(html, "text/html").body;
    const leftOut = [];
    const out = "s, strike, del, [style*='line-through'], [style*='display:none'], [style*='display: none'], [style*='mso-hide'], [hidden]";
    for (const element of root.querySelectorAll(out)) {
      const words = element.textContent.trim();
      if (words && element.isConnected) leftOut.push(words);
      element.remove();
    }
    root.querySelectorAll("style, script, title").forEach((element) => element.remove());
    for (const element of root.querySelectorAll("sup, sub")) {
      const [plain, raised] = RAISED[element.localName];
      element.replaceWith([...element.textContent].map((c) => (plain.includes(c) ? [...raised][[...plain].indexOf(c)] : c)).join(""));
    }
    for (const cell of root.querySelectorAll("td, th")) if (cell.nextElementSibling) cell.append(" | ");
    const NEWLINE = "\u2028";
    root.querySelectorAll("br").forEach((element) => element.replaceWith(NEWLINE));
    root.querySelectorAll("p, div, li, tr, h1, h2, h3, h4, h5, h6, ul, ol, table, pre, dt, dd").forEach((element) => {
      if (element.closest("td, th") && element.closest("td, th") !== element) element.append(" ");
      else {
        element.before(NEWLINE);
        element.after(NEWLINE);
      }
    });
    return { lines: root.textContent.replace(/[ \t\r\n]+/g, " ").split(NEWLINE).map((line) => line.trim()), leftOut };
  };
  const asFailed = (answer, clipboard) => {
    if (!answer.failed) return answer;
    const { lines, leftOut } = safeText(clipboard);
    const filled = lines.filter((line) => line.trim());
    return {
      ...EMPTY,
      failed: answer.failed,
      plain: filled.join("\n"),
      pieces: [{ kind: "text", content: rawOf(filled) }],
      remarks: leftOut.map((quote) => ({ kind: "omitted", message: "These words were struck out or hidden, so they were left out.", quote })),
    };
  };
  const rawOf = (lines) => ({
    entityMap: {},
    blocks: lines.map((text) => ({ text, type: "unstyled", depth: 0, inlineStyleRanges: [], entityRanges: [] })),
  });

  // The stream in which a rich text field is a block of its own
  const findStream = (input) => {
    let top = input;
    while (top && !top.rootBlock) top = top.parentElement;
    const search = (block) => {
      for (const [index, child] of (block?.children || []).entries()) {
        if (child.block?.widget?.input === input) return { stream: block, index };
        const found = search(child.block);
        if (found) return found;
      }
      for (const inner of Object.values(block?.childBlocks || {})) {
        const found = search(inner);
        if (found) return found;
      }
      return null;
    };
    const found = top && search(top.rootBlock);
    return found?.stream.blockDef.childBlockDefsByName?.table ? found : null;
  };

  const { ContentState, EditorState, Modifier, SelectionState, convertFromRaw, convertToRaw, genKey } = window.DraftJS;
  const textOf = (content, from, to) => {
    const blocks = content.getBlocksAsArray();
    const start = blocks.findIndex((block) => block.getKey() === from.key);
    const end = blocks.findIndex((block) => block.getKey() === to.key);
    if (start < 0 || end < start) return null;
    return blocks.slice(start, end + 1).map((block, n) => {
      const words = block.getText().slice(0, n === end - start ? to.offset : undefined);
      return n ? words : words.slice(from.offset);
    }).join("\n");
  };
  const rangeOf = (from, to) =>
    SelectionState.createEmpty(from.key).merge({ anchorOffset: from.offset, focusKey: to.key, focusOffset: to.offset, isBackward: false });

  const fragmentOf = (content, from, to) => {
    const blocks = content.getBlocksAsArray();
    const start = blocks.findIndex((block) => block.getKey() === from.key);
    const end = blocks.findIndex((block) => block.getKey() === to.key);
    const cut = blocks.slice(start, end + 1).map((block, n) => {
      const range = [n ? 0 : from.offset, n === end - start ? to.offset : block.getLength()];
      return block.merge({ key: genKey(), text: block.getText().slice(...range), characterList: block.getCharacterList().slice(...range) });
    });
    return ContentState.createFromBlockArray(cut).getBlockMap();
  };

  // Insert a fragment. A list or heading begins and ends a block of its own.
  const insertFragment = (content, selection, raw) => {
    const fragment = convertFromRaw(raw).getBlockMap();
    let next = selection.isCollapsed() ? content : Modifier.removeRange(content, selection, "backward");
    let at = selection.isCollapsed() ? selection : next.getSelectionAfter();
    const apart = (block) => block && block.getType() !== "unstyled";
    const target = () => next.getBlockForKey(at.getStartKey());
    if (apart(fragment.last()) && at.getStartOffset() < target().getLength()) {
      const start = at;
      next = Modifier.splitBlock(next, at);
      at = start;
    }
    if (apart(fragment.first()) && at.getStartOffset() > 0) {
      next = Modifier.splitBlock(next, at);
      at = next.getSelectionAfter();
    }
    const empty = target().getLength() === 0;
    const start = { key: at.getStartKey(), offset: at.getStartOffset() };
    next = Modifier.replaceWithFragment(next, at, fragment);
    const after = next.getSelectionAfter();
    if (empty && apart(fragment.first())) {
      next = Modifier.setBlockType(next, SelectionState.createEmpty(start.key), fragment.first().getType());
      const block = next.getBlockForKey(start.key).set("depth", fragment.first().getDepth());
      next = next.merge({ blockMap: next.getBlockMap().set(start.key, block), selectionAfter: after });
    }
    return { content: next, start, end: { key: after.getEndKey(), offset: after.getEndOffset() } };
  };

  const pasteInto = (input, asked, answer) => {
    const editor = input.draftailEditor;
    const state = editor.getEditorState();
    const before = state.getCurrentContent();
    // What was typed meanwhile stays; the place of the paste is the place it was made, as long as it is there
    const block = before.getBlockForKey(asked.getStartKey());
    const last = before.getBlockForKey(asked.getEndKey());
    const valid = block && last && asked.getStartOffset() <= block.getLength() && asked.getEndOffset() <= last.getLength();
    const replaced = valid ? asked : state.getSelection();
    let selection = replaced;
    const place = findStream(input);
    const firstTable = answer.pieces.findIndex(({ kind }) => kind === "table");
    const own = firstTable < 0 ? answer.pieces : answer.pieces.slice(0, firstTable);
    const rest = firstTable < 0 ? [] : answer.pieces.slice(firstTable);
    let content = before;
    let tail = null;
    if (rest.length) {
      if (!selection.isCollapsed()) {
        content = Modifier.removeRange(content, selection, "backward");
        selection = content.getSelectionAfter();
      }
      const lastBlock = content.getLastBlock();
      const end = { key: lastBlock.getKey(), offset: lastBlock.getLength() };
      const from = { key: selection.getStartKey(), offset: selection.getStartOffset() };
      if ((textOf(content, from, end) || "").trim()) {
        tail = convertToRaw(content);
        const index = tail.blocks.findIndex(({ key }) => key === from.key);
        const cut = Modifier.splitBlock(content, selection);
        tail = convertToRaw(cut);
        tail.blocks = tail.blocks.slice(index + 1).filter(({ text }, n) => n || text.trim());
        content = Modifier.removeRange(content, rangeOf(from, end), "backward");
        selection = content.getSelectionAfter();
      }
    }
    let done = { content, start: { key: selection.getStartKey(), offset: selection.getStartOffset() } };
    done.end = done.start;
    for (const piece of own) done = insertFragment(content, selection, piece.content);
    let pushed = state;
    if (done.content !== before) {
      pushed = EditorState.push(state, done.content, "insert-fragment");
      editor.onChange(EditorState.forceSelection(pushed, rangeOf(done.end, done.end)));
    }
    const children = [];
    let index = place ? place.index + 1 : 0;
    for (const piece of rest) {
      const value = piece.kind === "table" ? piece.value : JSON.stringify(piece.content);
      children.push(place.stream.insert({ type: piece.kind, value, id: crypto.randomUUID?.() || null }, index, {}));
      index += 1;
    }
    if (tail) children.push(place.stream.insert({ type: "text", value: JSON.stringify(tail), id: crypto.randomUUID?.() || null }, index, {}));
    const shownIn = (child) =>
      [...child.element.querySelectorAll(".public-DraftEditor-content, input:not([type=hidden]), textarea")]
        .map((each) => each.value ?? each.textContent)
        .join("\n");
    const stored = children.map(shownIn);
    let after = editor.getEditorState().getCurrentContent();

    const undo = () => {
      let now = editor.getEditorState();
      const current = now.getCurrentContent();
      if (children.some((child, n) => place.stream.children.includes(child) && shownIn(child) !== stored[n]))
        return "The blocks below were changed since, so they were not removed. Delete what you do not need.";
      const same = current === after || textOf(current, done.start, done.end) === textOf(after, done.start, done.end);
      if (!same || (tail && current !== after))
        return "The pasted words were changed since. Undo your changes first (Ctrl+Z), or delete what you do not need.";
      for (const child of children) {
        const at = place.stream.children.indexOf(child);
        if (at >= 0) place.stream.deleteBlock(at, { animate: false });
      }
      if (current === after && after !== before) {
        // Words that were inserted from the report are steps of their own
        for (let steps = 0; steps < 50 && now.getCurrentContent() !== before; steps += 1) now = EditorState.undo(now);
        editor.onChange(now);
      } else if (after !== before) {
        const [from, to] = [
          { key: replaced.getStartKey(), offset: replaced.getStartOffset() },
          { key: replaced.getEndKey(), offset: replaced.getEndOffset() },
        ];
        const range = rangeOf(done.start, done.end);
        const restored = replaced.isCollapsed()
          ? Modifier.removeRange(current, range, "backward")
          : Modifier.replaceWithFragment(current, range, fragmentOf(before, from, to));
        editor.onChange(EditorState.push(now, restored, "remove-range"));
      }
      editor.focus();
      return "";
    };
    const insert = (words) => {
      const now = editor.getEditorState();
      const at = rangeOf(done.end, done.end);
      const known = now.getCurrentContent().getBlockForKey(done.end.key);
      const where = known && done.end.offset <= known.getLength() ? at : now.getSelection();
      const next = Modifier.replaceText(now.getCurrentContent(), where, ` ${words}`);
      const atEnd = where === at && now.getCurrentContent() === after;
      editor.onChange(EditorState.push(now, next, "insert-characters"));
      if (!atEnd) return;
      done.end = { key: done.end.key, offset: done.end.offset + words.length + 1 };
      after = editor.getEditorState().getCurrentContent();
    };
    return { undo, insert };
  };

  const targetOf = (input) => {
    const { blockTypes } = input.draftailEditor.props;
    const has = (type) => blockTypes.some((each) => each.type === type);
    return { rich: true, headings: has("header-three"), lists: has("unordered-list-item"), tables: Boolean(findStream(input)) };
  };

  const pasteRich = async (input, clipboard, url) => {
    const selection = input.draftailEditor.getEditorState().getSelection();
    const field = input.closest("[data-field]") || input.parentElement;
    const target = targetOf(input);
    const answer = asFailed(await ask(url, clipboard, target), clipboard);
    if (!answer.pieces.length && !answer.remarks.length) {
      announce("The clipboard held no text.");
      return;
    }
    const { undo, insert } = pasteInto(input, selection, answer);
    const asPlain = () => {
      const problem = undo();
      if (problem) {
        announce(problem);
        return false;
      }
      const lines = answer.plain.split("\n").filter(Boolean);
      const plain = { ...EMPTY, remarks: answer.remarks, pieces: [{ kind: "text", content: rawOf(lines) }] };
      const again = pasteInto(input, selection, plain);
      setTimeout(() => report(field, plain, again));
      return true;
    };
    report(field, answer, { undo, insert, asPlain: answer.failed ? null : asPlain });
  };

  const own = (html, props) => {
    // What Draftail copied: the styles and entities of this editor need no reading
    const raw = new DOMParser().parseFromString(html, "text/html").querySelector("[data-draftjs-conductor-fragment]");
    if (!raw) return false;
    try {
      const { blocks, entityMap } = JSON.parse(raw.getAttribute("data-draftjs-conductor-fragment"));
      const has = (list, type) => list.some((each) => each.type === type);
      return (
        blocks.every(
          ({ type, inlineStyleRanges }) =>
            (type === "unstyled" || has(props.blockTypes, type)) && inlineStyleRanges.every(({ style }) => has(props.inlineStyles, style)),
        ) && Object.values(entityMap).every(({ type, data }) => type === "LINK" && data.id)
      );
    } catch {
      return false;
    }
  };

  window.draftail?.registerPlugin({
    type: TYPE,
    decorator: () => null,
    onPaste: (text, html, editorState, { getEditorState }, { url }) => {
      const input = inputs().find((each) => each.draftailEditor.getEditorState === getEditorState);
      if (!input || !url || (html && own(html, input.draftailEditor.props))) return "not-handled";
      pasteRich(input, { html: html || "", text: text || "", rtf: held.rtf }, url);
      return "handled";
    },
  });

  // Fields without formatting: a browser joins the lines, and struck words look like all others
  const isPlain = (element) =>
    element instanceof HTMLTextAreaElement || (element instanceof HTMLInputElement && /^(text|search|)$/.test(element.type));
  const insertPlain = (box, words, start, end) => {
    box.focus();
    box.setSelectionRange(start, end);
    // insertText can be undone with the keyboard, but stops at the longest text that the field takes
    const fits = box.maxLength < 0 || box.value.length - (end - start) + words.length <= box.maxLength;
    if (!fits || !document.execCommand("insertText", false, words)) {
      box.setRangeText(words, start, end, "end");
      box.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
    }
    box.dispatchEvent(new Event("change", { bubbles: true }));
    return fits;
  };
  const pastePlain = async (box, clipboard, url) => {
    const [start, end, value] = [box.selectionStart, box.selectionEnd, box.value];
    const answer = asFailed(await ask(url, clipboard, { rich: false }), clipboard);
    const single = box instanceof HTMLInputElement;
    const lines = answer.plain.split("\n");
    const joint = lines.some((line) => line.includes(" | ")) ? "; " : " "; // rows of a table stay apart
    const words = lines.join(single ? joint : "\n");
    const typed = box.value !== value;
    const [from, to] = typed ? [box.selectionStart, box.selectionEnd] : [start, end];
    const before = box.value;
    const remarks = [...answer.remarks];
    if (single && lines.length > 1) remarks.push({ kind: "changed", message: `This field has one line, so its lines were joined with ${joint === " " ? "spaces" : "semicolons"}.`, quote: "" });
    if (words && !insertPlain(box, words, from, to)) {
      const over = box.value.length - box.maxLength;
      remarks.push({ kind: "unsure", message: `This field takes ${box.maxLength} characters. Shorten the text by ${over}; nothing was cut off.`, quote: "" });
    }
    const after = box.value;
    const undo = () => {
      if (box.value !== after) return "The pasted words were changed since. Undo your changes first (Ctrl+Z), or delete what you do not need.";
      insertPlain(box, before.slice(from, to), from, from + words.length);
      return "";
    };
    const insert = (more) => insertPlain(box, ` ${more}`, box.selectionEnd, box.selectionEnd);
    if (remarks.length || answer.failed) report(box.closest("[data-field]") || box.parentElement, { ...answer, remarks, pieces: [] }, { undo, insert });
    else announce("Pasted.");
  };
  document.addEventListener(
    "paste",
    (event) => {
      const box = event.target;
      const url = pasteUrl();
      if (!url || !isPlain(box) || box.readOnly || box.disabled || !box.closest("[data-edit-form]")) return;
      const html = event.clipboardData?.getData("text/html") || "";
      const text = event.clipboardData?.getData("text/plain") || "";
      const lines = /[\n\r\t]/.test(text.trim());
      const long = box.maxLength >= 0 && box.value.length + text.length > box.maxLength;
      // eslint-disable-next-line no-control-regex
      const strange = /[^\x20-\x7e\n\r\t]/.test(text);
      if (!(lines || long || strange || (html && MARKED.test(html))) || !(text || html)) return;
      event.preventDefault();
      event.stopPropagation();
      pastePlain(box, { html, text, rtf: held.rtf }, url);
    },
    true,
  );
})();
