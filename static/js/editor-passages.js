// The picker of what a statement rests on: a dialog with sources of the library and with what labels say. Nothing is
// copied into the text. The choice is sent as the editor's other actions are.
(() => {
  const { form } = window.editorAnchors;
  if (!form || !window.editorRules) return;
  const { act, formData, send } = window.editorRules;

  const dialog = Object.assign(document.createElement("dialog"), { className: "passages" });
  dialog.setAttribute("aria-labelledby", "passages-title");
  document.body.append(dialog);
  let statement = "";
  let url = "";
  let asked = 0; // only the newest answer is shown

  const say = (message) => {
    const title = Object.assign(document.createElement("h2"), { id: "passages-title", className: "passages__title", textContent: "What does this statement rest on?" });
    const text = Object.assign(document.createElement("p"), { textContent: message });
    text.setAttribute("role", "status");
    const close = Object.assign(document.createElement("button"), { type: "button", className: "button button-secondary", textContent: "Close" });
    close.dataset.passagesClose = "";
    dialog.replaceChildren(title, text, close);
  };
  const load = async (query) => {
    asked += 1;
    const own = asked;
    const body = new URLSearchParams(formData());
    body.set("editor-statement", statement);
    body.set("editor-query", query);
    try {
      const { ok, json } = await send(url, body.toString(), keptText.fetch);
      if (own !== asked || !dialog.open) return;
      if (ok) dialog.innerHTML = json.html;
      else say(json.message || "The passages cannot be shown. Reload the page and try again.");
      dialog.scrollTop = 0;
      (dialog.querySelector(query ? "[data-passages-query]" : "[data-editor-send]") || dialog.querySelector("[data-passages-library], [data-passages-close]")).focus();
    } catch {
      if (own === asked && dialog.open) say("The server cannot be reached. What you typed is still here; try again.");
    }
  };

  const opener = () => {
    const found = form.querySelector(`[data-passages-open="${CSS.escape(statement)}"]`);
    return found?.checkVisibility() ? found : found?.closest("details")?.querySelector("summary");
  };
  // Wagtail's chooser would be below the dialog, so that is closed first.
  const chooseFromLibrary = () => {
    const to = dialog.querySelector("[data-editor-form]").dataset.editorUrl;
    dialog.close();
    window.editorSources.choose(async (chosen) => {
      const body = new URLSearchParams(formData());
      body.set("editor-statement", statement);
      body.set("editor-source", chosen.id);
      const refused = (message) => {
        say(message);
        dialog.showModal();
      };
      if (await act(to, body, { refused })) opener()?.focus();
    });
  };

  dialog.addEventListener("click", ({ target }) => {
    if (target.closest("[data-passages-close]")) dialog.close();
    if (target.closest("[data-passages-library]")) chooseFromLibrary();
    if (target.closest("[data-passages-find]")) load(dialog.querySelector("[data-passages-query]").value);
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-passages-query]")) return;
    event.preventDefault();
    load(event.target.value);
  });
  dialog.addEventListener("editor:done", () => dialog.close());
  // The annotations were made anew by the choice, so the button that opened the picker is looked for again.
  dialog.addEventListener("close", () => {
    dialog.replaceChildren();
    opener()?.focus();
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-passages-open]");
    if (!button) return;
    statement = button.dataset.passagesOpen;
    url = button.dataset.passagesUrl;
    say("Looking for sources and passages …");
    dialog.showModal();
    load("");
  });
})();
