/* Sources in the editor: a section's are chosen from the page's list or from the library, also those that its
   statements rest on, and a typed source of the list is put into the library. What is chosen is a change of the form
   like any other: shown, and not saved. */
(() => {
  if (window.editorSources) return;
  const constructors = window.telepath.constructors;
  const LIBRARY = "library";

  const made = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const button = (words) => made("button", { type: "button", className: "button button-small button-secondary", textContent: words });
  const references = (text) => text.split(",").map((each) => each.trim().toLowerCase()).filter(Boolean);

  const list = () => document.querySelector('[data-editor-block="SourcesBlock"]');
  /** The page's sources: short name, title, and the source of the library or nothing. */
  const sources = () =>
    (list()?.editorBlock.children || []).map((child) => {
      const fields = child.block.childBlocks;
      const chosen = child.type === LIBRARY ? fields.source.getState() : null;
      return {
        reference: (fields.reference.getState() || "").trim().toLowerCase(),
        title: child.type === LIBRARY ? chosen?.string || "" : fields.title.getState() || "",
        source: chosen?.id ? String(chosen.id) : "",
      };
    });

  const setReferences = (input, wanted) => {
    input.value = wanted.join(", ");
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const freeReference = (wanted) => {
    const taken = new Set(sources().map(({ reference }) => reference));
    let free = wanted;
    for (let number = 2; taken.has(free); number += 1) free = `${wanted}-${number}`;
    return free;
  };
  const insertLibrary = (state, index) => {
    const block = list().editorBlock;
    const [, , id] = block._getChildDataForInsertion({ type: LIBRARY });
    block.insert({ type: LIBRARY, value: state, id }, index, {});
  };
  /** Return the short name of a source of the library on this page, which gets it unless it has it. */
  const useSource = (chosen) => {
    const known = sources().find(({ source, reference }) => source === String(chosen.id) && reference);
    if (known) return known.reference;
    const reference = freeReference(chosen.reference || "source");
    insertLibrary({ reference, source: chosen, date_seen: null }, list().editorBlock.children.length);
    return reference;
  };

  /** Put a newer source of the library in the place of an older one, which the list has once; return whether it was. */
  const replace = ({ older, newer, replacement }) => {
    const block = list()?.editorBlock;
    const known = sources().map(({ source }) => source);
    const index = known.indexOf(String(older));
    if (index < 0 || known.lastIndexOf(String(older)) !== index || known.includes(String(newer))) return false;
    const { reference } = block.children[index].block.getState();
    insertLibrary({ reference, source: { id: newer, string: replacement, edit_url: null }, date_seen: null }, index);
    block.deleteBlock(index + 1);
    block.children[index].block.focus?.();
    document.dispatchEvent(new Event("editor-sources-changed"));
    return true;
  };

  const chooserOf = (block) => {
    const fields = block.blockDef.childBlockDefsByName[LIBRARY].childBlockDefs;
    return fields.find(({ name }) => name === "source").widget;
  };
  /** Open the chooser of the library, in which a source can be added, too; `chosen` gets what is chosen. */
  const choose = (chosen) => chooserOf(list().editorBlock).openModal(chosen);

  const addReference = (input, reference) => {
    const kept = references(input.value);
    setReferences(input, kept.includes(reference) ? kept : [...kept, reference]);
  };

  const enhanceReferences = (input) => {
    const names = made("p", { className: "source-names" });
    const status = made("p", { className: "w-sr-only" });
    status.setAttribute("role", "status");
    const boxes = made("ul", { className: "source-names__choices" });
    const summary = made("summary", { textContent: "Sources of this page" });
    const fold = made("details", { className: "source-names__fold" }, summary, boxes);
    const opener = button("Choose from the library");
    input.after(names, made("div", { className: "source-names__tools" }, fold, opener), status);

    const showNames = () => {
      const known = new Map(sources().map(({ reference, title }) => [reference, title]));
      const named = references(input.value).map((each) => (known.has(each) ? known.get(each) || each : `“${each}” is not on the list`));
      names.textContent = named.join(" · ");
    };
    const showChoices = () => {
      const named = new Set(references(input.value));
      boxes.replaceChildren(
        ...sources()
          .filter(({ reference }) => reference)
          .map(({ reference, title }) => {
            const box = made("input", { type: "checkbox", value: reference, checked: named.has(reference) });
            return made("li", {}, made("label", {}, box, ` ${reference}: ${title}`));
          }),
      );
      if (!boxes.children.length) boxes.append(made("li", { textContent: "The page has no sources yet." }));
    };
    fold.addEventListener("toggle", () => fold.open && showChoices());
    boxes.addEventListener("change", (event) => {
      event.stopPropagation(); // the boxes are no fields of the form
      const kept = references(input.value).filter((each) => each !== event.target.value);
      setReferences(input, event.target.checked ? [...kept, event.target.value] : kept);
      showNames();
    });
    input.addEventListener("input", showNames);
    opener.addEventListener("click", () => {
      choose((chosen) => {
        addReference(input, useSource(chosen));
        showNames();
        if (fold.open) showChoices();
        status.textContent = `${chosen.string} is a source of this section now. Save the draft to keep it.`;
        opener.focus();
      });
    });
    // The list of sources comes later on the page than the first sections
    setTimeout(showNames);
    document.addEventListener("editor-sources-changed", showNames);
  };

  class SourceReferences extends constructors["wagtail.widgets.Widget"] {
    render(...given) {
      const bound = super.render(...given);
      enhanceReferences(bound.input);
      return bound;
    }
  }
  window.telepath.register("monographs.blocks.SourceReferences", SourceReferences);

  const adopt = async (block, status) => {
    const element = list();
    const stream = element.editorBlock;
    const index = stream.children.findIndex((child) => child.block === block);
    const state = block.getState();
    const form = element.closest("form");
    const page = location.pathname.match(/\/pages\/(\d+)\//);
    const body = new URLSearchParams({
      title: state.title || "",
      publisher: state.publisher || "",
      address: state.address || "",
      page: page ? page[1] : "",
      label_set_id: form.elements.label_set_id?.value || "",
      label_version: form.elements.label_version?.value || "",
    });
    try {
      const { ok, json } = await window.editorRules.send(document.querySelector("[data-editor-adopt-url]").dataset.editorAdoptUrl, body.toString(), window.keptText.fetch);
      if (!ok) {
        status.textContent = json.message || "This could not be put into the library. Try again.";
        return;
      }
      const { id, title: string } = json;
      insertLibrary({ reference: state.reference, source: { id, string, edit_url: null }, date_seen: state.date_seen }, index);
      stream.deleteBlock(index + 1);
      const fresh = stream.children[index].block;
      const after = statusAt(fresh);
      after.textContent = json.message;
      fresh.focus?.();
      document.dispatchEvent(new Event("editor-sources-changed"));
    } catch {
      status.textContent = "The server cannot be reached. Try again.";
    }
  };
  const fieldsOf = (block) => block.childBlocks.reference.element?.closest("[data-contentpath]")?.parentElement;
  const statusAt = (block) => {
    const status = made("p", { className: "source-names" });
    status.setAttribute("role", "status");
    fieldsOf(block)?.append(status);
    return status;
  };

  class TypedSource extends constructors["wagtail.blocks.StructBlock"] {
    render(...given) {
      const block = super.render(...given);
      const put = button("Put in the library");
      fieldsOf(block)?.append(put);
      const status = statusAt(block);
      put.addEventListener("click", () => adopt(block, status));
      return block;
    }
  }
  window.telepath.register("monographs.blocks.source_blocks.SourceBlock", TypedSource);

  // A source that a statement rests on becomes one of its section, which patients read
  document.addEventListener("click", ({ target }) => {
    const named = target.closest("[data-source-name]")?.dataset;
    const input = named && window.editorAnchors.section(named.sourceSection)?.querySelector('[data-contentpath="sources"] input');
    if (!input) return;
    addReference(input, useSource({ id: named.sourceName, string: named.sourceWords, edit_url: null, reference: named.sourceReference }));
  });

  window.editorSources = { choose, replace, sources };
})();
