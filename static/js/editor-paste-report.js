// Say below a field what became of a paste, with buttons to undo it and to insert what was left out.
(() => {
  if (window.editorPasteReport) return;

  const liveRegion = document.createElement("p");
  liveRegion.className = "w-sr-only";
  liveRegion.setAttribute("role", "status");
  const announce = (words) => {
    if (!liveRegion.isConnected) document.body.append(liveRegion);
    liveRegion.textContent = words;
  };

  // The report below the field
  const element = (tag, className, words) => Object.assign(document.createElement(tag), { className, textContent: words || "" });
  const button = (words, act) => {
    const made = element("button", "button button-small button-secondary", words);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };
  const HEADINGS = [
    ["omitted", "Left out"],
    ["changed", "Changed"],
    ["unsure", "Please check"],
  ];
  const count = (n, one, many) => `${n} ${n === 1 ? one : many}`;
  const summary = (answer) => {
    if (answer.failed) return `${answer.failed} The words were pasted without formatting: compare raised numbers, lists and tables with the original.`;
    const tables = answer.pieces.filter(({ kind }) => kind === "table").length;
    const blocks = answer.pieces.filter(({ kind }) => kind === "text").reduce((n, piece) => n + piece.content.blocks.length, 0);
    const kept = answer.pieces.length ? [blocks && count(blocks, "line", "lines"), tables && count(tables, "table", "tables")].filter(Boolean) : ["text"];
    const counts = HEADINGS.map(([kind, name]) => [answer.remarks.filter((remark) => remark.kind === kind).length, name.toLowerCase()]);
    const found = counts.filter(([n]) => n).map(([n, name]) => `${n} ${name}`);
    return `Kept: ${kept.join(", ") || "nothing"}. ${found.length ? `${found.join(", ")}.` : "Nothing was left out or changed."}`;
  };
  const report = (field, answer, { undo, insert, asPlain }) => {
    field.querySelector(":scope > .paste-report")?.remove();
    const box = element("section", `paste-report${answer.failed ? " paste-report--failed" : ""}`);
    box.setAttribute("aria-label", "What was pasted");
    box.append(element("h4", "", "Pasted"), element("p", "", summary(answer)));
    for (const [kind, name] of HEADINGS) {
      const remarks = answer.remarks.filter((remark) => remark.kind === kind);
      if (!remarks.length) continue;
      const list = document.createElement("ul");
      for (const remark of remarks) {
        const item = document.createElement("li");
        item.dataset.kind = kind;
        if (remark.quote) item.append(element(kind === "omitted" ? "del" : "span", "paste-report__quote", remark.quote));
        item.append(element("span", "", remark.message));
        if (remark.result && remark.result !== remark.quote) item.append(element("span", "paste-report__quote", remark.result));
        if (kind === "omitted" && remark.quote && insert) {
          const row = element("div", "paste-report__actions");
          const add = button("Insert left-out words", () => {
            insert(remark.quote);
            add.disabled = true;
            announce(`Inserted: ${remark.quote}`);
          });
          row.append(add);
          item.append(row);
        }
        list.append(item);
      }
      box.append(element("h5", "", name), list);
    }
    const close = () => {
      box.remove();
      announce("");
    };
    const actions = element("div", "paste-report__actions");
    actions.append(
      button("Undo paste", () => {
        const problem = undo();
        if (problem) {
          box.querySelector("p").textContent = problem;
          announce(problem);
        } else {
          close();
          announce("The paste was undone.");
        }
      }),
    );
    if (asPlain) actions.append(button("Paste as plain text instead", () => asPlain() && close()));
    actions.append(button("Close", close));
    box.append(actions);
    // No key that is pressed in it reaches the editor or the form
    box.addEventListener("keydown", (event) => event.stopPropagation());
    field.append(box);
    announce(`Pasted. ${summary(answer)}`);
  };

  window.editorPasteReport = { announce, report };
})();
