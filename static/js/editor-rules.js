// What the house rules and reviewers say, beside each section, while somebody types. It only ever asks: the
// form is posted as it stands and nothing is stored. Fields of ours have no name, so Wagtail saves none.
(() => {
  const { form, slot, show } = window.editorPlaces;
  const panel = document.querySelector("[data-desk]");
  if (!panel || !form) return;

  const TICK = 150; // ms between looks at the form; rich text reaches it 250 ms after the last key
  const PAUSE = 250; // ms without a key before the rules are asked
  const PATIENCE = 1000; // ms after which they are asked although somebody goes on typing
  const LOOK = 4000; // ms for which the form is looked at after a sign of work
  const REST = 3000; // ms before they are asked again after the server could not answer
  const HUSH = 1500; // ms before a change of the counts is spoken

  const spoken = document.createElement("p");
  spoken.className = "w-sr-only";
  spoken.setAttribute("role", "status");
  document.body.append(spoken);
  const counter = document.querySelector('[data-side-panel-toggle="house-rules"] [data-side-panel-toggle-counter]');

  let address = panel.dataset.deskAddress;
  let asked = null; // the form when the rules were last asked
  let changed = 0; // when it first differed from that
  let pressed = 0; // when the last key was pressed
  let worked = performance.now(); // when anything last happened in it
  let rested = 0; // when they may be asked again
  let busy = false;
  let stopped = false;

  const posted = () => {
    const data = new FormData(form);
    for (const name of [...data.keys()]) if (name.startsWith("comments-") || data.get(name) instanceof File) data.delete(name);
    return new URLSearchParams(data).toString();
  };
  const send = async (to, body) => {
    const answer = await fetch(to, {
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

  // What somebody has opened or typed in the old stays so in the new, and so does the focus.
  const refill = (box, html) => {
    const draft = document.createElement("div");
    draft.innerHTML = html;
    if (box.deskHtml === html) return;
    const keyed = (root) => [...root.querySelectorAll("[data-desk-key]")].map((element) => [element.dataset.deskKey, element]);
    const before = new Map(keyed(box));
    const focus = box.contains(document.activeElement) ? document.activeElement.dataset.deskKey || document.activeElement.parentElement.dataset.deskKey : null;
    for (const [key, element] of keyed(draft)) {
      const old = before.get(key);
      if (!old) continue;
      if (element.tagName === "DETAILS") element.open = old.open;
      if (element.tagName === "TEXTAREA") element.value = old.value;
    }
    box.replaceChildren(...draft.childNodes);
    box.deskHtml = html;
    if (!focus) return;
    const again = box.querySelector(`[data-desk-key="${CSS.escape(focus)}"]`);
    (again?.querySelector(":scope > summary") || again || box.querySelector("summary, button"))?.focus({ preventScroll: true });
  };

  const boxes = new Map();
  const place = (anchor, html) => {
    const where = slot(anchor);
    if (!where) return;
    const box = boxes.get(anchor) || Object.assign(document.createElement("div"), { className: "desk-beside" });
    boxes.set(anchor, box);
    box.dataset.deskBeside = anchor;
    if (box.parentElement !== where.parent) where.first ? where.parent.prepend(box) : where.parent.append(box);
    refill(box, html);
  };

  const tell = (answer) => {
    if (counter) {
      counter.textContent = answer.errors + answer.notes;
      counter.hidden = answer.errors + answer.notes === 0;
    }
    clearTimeout(tell.later);
    tell.later = setTimeout(() => {
      if (spoken.textContent !== answer.status) spoken.textContent = answer.status;
    }, HUSH);
  };
  const receive = (answer) => {
    for (const [anchor, box] of boxes) {
      if (anchor in answer.places) continue;
      box.remove();
      boxes.delete(anchor);
    }
    for (const [anchor, html] of Object.entries(answer.places)) place(anchor, html);
    refill(panel, answer.panel);
    tell(answer);
  };
  const halt = (words) => {
    stopped = true;
    spoken.textContent = words;
    refill(panel, "");
    panel.append(Object.assign(document.createElement("p"), { textContent: words }));
  };

  const ask = async (body) => {
    busy = true;
    asked = body;
    changed = 0;
    try {
      const { ok, status, json } = await send(address, body);
      if (ok) receive(json);
      else if (status < 500) halt(json.message || "The house rules cannot be asked any more. Save your work and reload the page.");
      else throw new Error(`The server answered ${status}.`);
    } catch {
      rested = performance.now() + REST;
      asked = null;
    } finally {
      busy = false;
    }
  };
  setInterval(() => {
    const now = performance.now();
    if (busy || stopped || document.hidden || now < rested) return;
    if (asked !== null && now - worked > LOOK) return;
    const body = posted();
    if (body === asked) return;
    changed ||= now;
    if (now - pressed > PAUSE || now - changed > PATIENCE) ask(body);
  }, TICK);

  const work = () => {
    worked = performance.now();
  };
  for (const sign of ["input", "change", "click", "drop", "focusin"]) form.addEventListener(sign, work);
  form.addEventListener("keydown", () => {
    pressed = performance.now();
    work();
  });
  form.addEventListener("w-autosave:success", ({ detail }) => {
    const pk = detail.response?.pk;
    if (pk) address = panel.dataset.deskAddressOnceSaved.replace(/\/0\//, `/${pk}/`);
    asked = null;
    work();
  });

  const act = async (button) => {
    const box = button.closest("[data-desk-form]");
    const error = box.querySelector("[data-desk-error]");
    const extra = [box.dataset.deskSends, button.dataset.deskSend].filter(Boolean).join("&");
    const body = new URLSearchParams(`${posted()}&${extra}`);
    for (const field of box.querySelectorAll("[data-desk-field]")) body.set(field.dataset.deskField, field.value);
    button.disabled = true;
    try {
      const { ok, json } = await send(box.dataset.deskAddress, body.toString());
      if (ok) {
        for (const field of box.querySelectorAll("[data-desk-field]")) field.value = "";
        receive(json);
      } else error.textContent = json.message || "This could not be done. Reload the page and try again.";
    } catch {
      error.textContent = "The server cannot be reached. What you wrote is still here; try again.";
    } finally {
      button.disabled = false;
    }
  };
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-desk-show], [data-desk-send], [data-desk-note-link]");
    if (!button) return undefined;
    if ("deskSend" in button.dataset) return act(button);
    // On a small screen the panel lies over the text.
    if (panel.contains(button) && matchMedia("(max-width: 50rem)").matches) document.querySelector("[data-form-side-close-button]")?.click();
    if (button.dataset.deskNoteLink) {
      const note = form.querySelector(`[data-desk-note="${button.dataset.deskNoteLink}"]`);
      note?.scrollIntoView({ block: "center" });
      note?.querySelector("textarea, button, a")?.focus({ preventScroll: true });
    } else show(button.dataset.deskShow, button.dataset.deskWords);
    return undefined;
  });
})();
