// A fold “What the label says” in each section of the editor. Its text comes with one request when it is opened first.
// It has no form fields, so nothing of it is saved, and it cannot be selected, dragged or copied.
(() => {
  const { form } = window.editorAnchors;
  const panel = document.querySelector("[data-editor-panel]");
  const url = panel?.dataset.editorLabelUrl;
  if (!url || !form) return;

  const fill = async (fold) => {
    const box = fold.querySelector("[data-editor-label-text]");
    if (box.dataset.editorLabelText) return;
    box.dataset.editorLabelText = "loading";
    box.textContent = "The label’s text is on its way.";
    try {
      const headers = { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" };
      const answer = await keptText.fetch(url.replace("section", fold.dataset.editorLabel), { headers });
      if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
      const { html, fetch } = await answer.json();
      box.innerHTML = html;
      if (fetch) box.append(...fetchButton(fetch, fold));
      box.dataset.editorLabelText = "loaded";
    } catch {
      box.dataset.editorLabelText = "";
      box.textContent = "The label’s text could not be read. Close this and open it again.";
    }
  };
  // For a label of which nothing is stored yet. What came of it is said beside the button, which stays if it failed.
  const fetchButton = (address, fold) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Fetch this label now" });
    button.className = "button button-secondary editor-label__fetch";
    const message = Object.assign(document.createElement("p"), { className: "editor-label__message" });
    message.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      button.disabled = true;
      message.textContent = "The label is asked for. This may take 30 seconds.";
      try {
        const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
        const answer = await keptText.fetch(address, { method: "POST", headers });
        const { message: said = "" } = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
        if (!answer.ok) throw new Error(said || `The server answered ${answer.status}.`);
        for (const box of form.querySelectorAll("[data-editor-label-text]")) box.dataset.editorLabelText = "";
        for (const open of form.querySelectorAll(".editor-label[open]")) await fill(open);
        // With several labels some may be missing still: the fold has another button then
        const left = fold.querySelector(".editor-label__message");
        if (left) left.textContent = said;
        fold.querySelector("summary").focus();
      } catch (error) {
        message.textContent = `${error.message} Nothing was changed.`;
        button.disabled = false;
        button.focus();
      }
    });
    return [button, message];
  };
  const makeFold = (anchor) => {
    const fold = document.createElement("details");
    fold.className = "editor-label";
    fold.dataset.editorLabel = anchor;
    const summary = Object.assign(document.createElement("summary"), { textContent: "What the label says" });
    const box = Object.assign(document.createElement("div"), { className: "editor-label__body" });
    box.dataset.editorLabelText = "";
    box.setAttribute("aria-live", "polite");
    fold.append(summary, box);
    fold.addEventListener("toggle", () => fold.open && fill(fold));
    for (const type of ["copy", "cut", "dragstart", "selectstart"]) box.addEventListener(type, (event) => event.preventDefault());
    return fold;
  };
  // Only the section's own type counts: parts inside it have types, too.
  const addFolds = () => {
    for (const type of form.querySelectorAll('input[name^="sections-"][name$="-type"]')) {
      if (!/^sections-\d+-type$/.test(type.name)) continue;
      const place = type.closest("[data-streamfield-child]")?.querySelector(".w-panel__content");
      if (place && !place.querySelector(":scope > .editor-label")) place.prepend(makeFold(type.value));
    }
  };
  const stream = form.querySelector('[data-contentpath="sections"]');
  if (!stream) return;
  // Sections come when the editor has been built, and when a writer adds one.
  let waiting = 0;
  new MutationObserver(() => {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      addFolds();
    });
  }).observe(stream, { childList: true, subtree: true });
  addFolds();
})();
