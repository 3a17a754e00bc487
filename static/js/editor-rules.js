// Show findings of the house rules and reviewers' notes beside each section while the writer types. The form is
// posted as it stands, and nothing is stored. Fields added here have no name, so Wagtail does not save them.
(() => {
  const { form, slotFor, show, showAddressed } = window.editorAnchors;
  const panel = document.querySelector("[data-editor-panel]");
  if (!panel || !form) return;

  const POLL_INTERVAL = 150; // ms; rich text reaches the form 250 ms after the last key
  const TYPING_PAUSE = 250; // ms without a key before a request
  const MAX_DELAY = 1000; // ms after which a request is made although typing goes on
  const ACTIVE_PERIOD = 4000; // ms for which the form is polled after activity
  const RETRY_DELAY = 3000; // ms before the next request after a server error
  const ANNOUNCE_DELAY = 1500; // ms before a change of the counts is announced to screen readers

  const liveRegion = document.createElement("p");
  liveRegion.className = "w-sr-only";
  liveRegion.setAttribute("role", "status");
  document.body.append(liveRegion);
  const counter = document.querySelector('[data-side-panel-toggle="house-rules"] [data-side-panel-toggle-counter]');

  let url = panel.dataset.editorUrl;
  let lastBody = null; // the form data of the last request
  let changedAt = 0; // when the form first differed from that
  let keyAt = 0; // when the last key was pressed
  let activeAt = performance.now(); // when anything last happened in the form
  let retryAt = 0; // the earliest time of the next request
  let busy = false;
  let stopped = false;
  let received = false;

  const formData = () => {
    const texts = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !name.startsWith("comments-"));
    return new URLSearchParams(texts).toString();
  };
  // An action of the writer may ask for a sign-in over the page; a request of the script's own never does.
  const send = async (to, body, request = fetch) => {
    const answer = await request(to, {
      method: "POST",
      body,
      headers: {
        Accept: "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
        "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
        "X-Requested-With": "XMLHttpRequest",
      },
    });
    const json = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    return { ok: answer.ok, status: answer.status, json };
  };


  // Replace the content, but keep what is open, what was typed, and the focus.
  const refill = (box, html) => {
    const template = document.createElement("div");
    template.innerHTML = html;
    if (box.editorHtml === html) return;
    const keyed = (root) => [...root.querySelectorAll("[data-editor-key]")].map((element) => [element.dataset.editorKey, element]);
    const before = new Map(keyed(box));
    const focus = box.contains(document.activeElement) ? document.activeElement.dataset.editorKey || document.activeElement.parentElement.dataset.editorKey : null;
    for (const [key, element] of keyed(template)) {
      const old = before.get(key);
      if (!old) continue;
      if (element.tagName === "DETAILS") element.open = old.open;
      if (element.tagName === "TEXTAREA") element.value = old.value;
      if ("editorChangesText" in element.dataset) element.replaceWith(old); // filled when its fold was opened
    }
    box.replaceChildren(...template.childNodes);
    box.editorHtml = html;
    if (!focus) return;
    const again = box.querySelector(`[data-editor-key="${CSS.escape(focus)}"]`);
    (again?.querySelector(":scope > summary") || again || box.querySelector("summary, button"))?.focus({ preventScroll: true });
  };

  /** Whether what is shown is about the form as it is, so that no answer is on its way. */
  const isCurrent = () => !busy && formData() === lastBody;

  window.editorRules = { formData, send, refill, isCurrent };

  const boxes = new Map();
  const place = (anchor, html) => {
    const where = slotFor(anchor);
    if (!where) return;
    const box = boxes.get(anchor) || Object.assign(document.createElement("div"), { className: "editor-annotations" });
    boxes.set(anchor, box);
    box.dataset.editorAnnotations = anchor;
    if (box.parentElement !== where.parent) where.first ? where.parent.prepend(box) : where.parent.append(box);
    refill(box, html);
  };

  const updateCounts = (answer) => {
    if (counter) {
      counter.textContent = answer.errors + answer.notes;
      counter.hidden = answer.errors + answer.notes === 0;
    }
    clearTimeout(updateCounts.timer);
    updateCounts.timer = setTimeout(() => {
      if (liveRegion.textContent !== answer.status) liveRegion.textContent = answer.status;
    }, ANNOUNCE_DELAY);
  };
  const receive = (answer) => {
    for (const [anchor, box] of boxes) {
      if (anchor in answer.places) continue;
      box.remove();
      boxes.delete(anchor);
    }
    for (const [anchor, html] of Object.entries(answer.places)) place(anchor, html);
    refill(panel, answer.panel);
    window.editorContents?.fill(answer);
    updateCounts(answer);
    if (!received) showAddressed();
    received = true;
  };
  const stop = (message) => {
    stopped = true;
    liveRegion.textContent = message;
    refill(panel, "");
    panel.append(Object.assign(document.createElement("p"), { textContent: message }));
  };

  const requestAnnotations = async (body) => {
    busy = true;
    lastBody = body;
    changedAt = 0;
    try {
      const { ok, status, json } = await send(url, body);
      if (ok) receive(json);
      else if (status < 500 && !json.code) stop(json.message || "The house rules cannot check the text any more. What you typed is kept; open the page again in a new tab.");
      else throw new Error(`The server answered ${status}.`);
    } catch {
      retryAt = performance.now() + RETRY_DELAY;
      lastBody = null;
    } finally {
      busy = false;
      activeAt = performance.now(); // what was typed meanwhile is read next, however long the answer took
    }
  };
  setInterval(() => {
    const now = performance.now();
    if (busy || stopped || document.hidden || now < retryAt) return;
    if (lastBody !== null && now - activeAt > ACTIVE_PERIOD) return;
    const body = formData();
    if (body === lastBody) return;
    changedAt ||= now;
    if (now - keyAt > TYPING_PAUSE || now - changedAt > MAX_DELAY) requestAnnotations(body);
  }, POLL_INTERVAL);

  const markActive = () => {
    activeAt = performance.now();
  };
  for (const type of ["input", "change", "click", "drop", "focusin"]) form.addEventListener(type, markActive);
  form.addEventListener("keydown", () => {
    keyAt = performance.now();
    markActive();
  });
  form.addEventListener("w-autosave:success", ({ detail }) => {
    const pk = detail.response?.pk;
    if (pk) url = panel.dataset.editorUrlOnceSaved.replace(/\/0\//, `/${pk}/`);
    lastBody = null;
    markActive();
  });

  /** Send an action of the writer with the form, and show what the server answers. Return whether it was done. */
  const act = async (to, body, { refused, accepted = () => {} }) => {
    try {
      const { ok, json } = await send(to, body.toString(), keptText.fetch);
      if (!ok) refused(json.message || "This could not be done. Reload the page and try again.");
      else if (json.reload) location.reload(); // the saved draft, which the form equals, says something else now
      else {
        accepted();
        receive(json);
        keptText.keepNow(form);
        return true;
      }
    } catch {
      refused("The server cannot be reached. What you typed is still here; try again.");
    }
    return false;
  };
  window.editorRules.act = act;

  const performAction = async (button) => {
    const box = button.closest("[data-editor-form]");
    const error = box.querySelector("[data-editor-error]");
    const extra = [box.dataset.editorSends, button.dataset.editorSend].filter(Boolean).join("&");
    const body = new URLSearchParams(`${formData()}&${extra}`);
    const fields = box.querySelectorAll("[data-editor-field]");
    for (const field of fields) body.set(field.dataset.editorField, field.value);
    button.disabled = true;
    const done = await act(box.dataset.editorUrl, body, {
      refused: (message) => {
        error.textContent = message;
      },
      accepted: () => {
        for (const field of fields) field.value = "";
      },
    });
    button.disabled = false;
    if (done) box.dispatchEvent(new CustomEvent("editor:done", { bubbles: true }));
  };
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-editor-show], [data-editor-send], [data-editor-note-link]");
    if (!button) return undefined;
    if ("editorSend" in button.dataset) return performAction(button);
    // On a small screen the panel covers the text.
    if (panel.contains(button) && matchMedia("(max-width: 50rem)").matches) document.querySelector("[data-form-side-close-button]")?.click();
    if (button.dataset.editorNoteLink) {
      const note = form.querySelector(`[data-editor-note="${button.dataset.editorNoteLink}"]`);
      note?.scrollIntoView({ block: "center" });
      note?.querySelector("textarea, button, a")?.focus({ preventScroll: true });
    } else show(button.dataset.editorShow, button.dataset.editorExcerpt);
    return undefined;
  });
})();
