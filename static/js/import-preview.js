// Apply a choice in the preview of an import at once. Without this script “Update preview” does it.
(() => {
  const preview = document.querySelector("[data-import-preview]");
  if (!preview || !window.fetch) return;

  let running = null;

  const update = async (input) => {
    running?.abort();
    running = new AbortController();
    const form = preview.querySelector("form");
    const data = new FormData(form);
    data.append("check", "1");
    const status = preview.querySelector("[data-import-status]");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, signal: running.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-import-preview] form");
      // An expired session or preview: nothing is replaced, and what is typed stays.
      if (!fresh) throw new Error("no preview in the answer");
      form.innerHTML = fresh.innerHTML;
      const selector = `[name="${CSS.escape(input.name)}"]`;
      const same = [...form.querySelectorAll(selector)].find((other) => other.type !== "radio" || other.value === input.value);
      same?.focus({ preventScroll: true });
      same?.closest(".import-remark, .import-offer, .import-choice")?.scrollIntoView({ block: "nearest" });
      status.textContent = "The preview was updated.";
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = "The preview could not be updated. Choose “Update preview”.";
    }
  };

  preview.addEventListener("change", (event) => {
    if (event.target.matches("[data-updates]")) update(event.target);
  });
})();
