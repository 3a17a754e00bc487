// A note of an outside expert on words that are selected, so that nobody types them. The forms work without this script.
(() => {
  "use strict";
  const hint = document.querySelector("[data-select-words]");
  if (!hint) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "outside-selected";
  button.textContent = "Add a note on these words";
  button.hidden = true;
  document.querySelector("main").append(button);
  hint.hidden = false;

  document.addEventListener("selectionchange", () => {
    button.hidden = !selectedWords();
  });
  button.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the selection
  button.addEventListener("click", () => {
    const found = selectedWords();
    if (!found) return;
    const form = found.section.closest(".outside-section").querySelector("form[data-note]");
    form.elements.quote.value = found.words;
    form.closest("details").open = true;
    button.hidden = true;
    form.elements.body.focus();
    form.scrollIntoView({ block: "center" });
  });
})();
