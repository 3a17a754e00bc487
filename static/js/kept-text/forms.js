// Keeps what is typed at each pause, and lets a form go only when its session and the server are there.
(() => {
  const { owner, store, fields, element } = keptText;
  const PAUSE = 400; // ms after the last key; rich text reaches the form 250 ms after it
  const CHECK = 1500; // ms between checks of the page editor, whose blocks change without events
  const DONE = "kept-text-done"; // cookie of the server, see monographs/review/kept_text.py
  const LOGOUT = "/admin/logout/";

  const states = new Map(); // form → {id, base, start, kept, timer}
  const channel = window.BroadcastChannel && new BroadcastChannel("kept-text");
  const pagePath = () => document.querySelector("[data-kept-page]")?.dataset.keptPage || location.pathname;

  const track = (form) => {
    if (!states.has(form)) {
      const base = fields.read(form);
      states.set(form, { id: crypto.randomUUID?.() || "", base, start: fields.signature(base), kept: null, timer: 0 });
    }
    return states.get(form);
  };
  const keepNow = async (form) => {
    const state = track(form);
    clearTimeout(state.timer);
    const values = fields.read(form);
    const now = fields.signature(values);
    if (now === state.kept) return;
    state.kept = now;
    if (now === state.start) return void (await store.remove(state.id));
    await store.put(state.id, pagePath(), {
      name: fields.nameOf(form),
      values,
      base: fields.isPosted(form) ? [] : state.base,
      start: fields.isPosted(form) ? "" : state.start,
      posted: fields.isPosted(form),
      action: fields.isEditor(form) ? location.pathname : form.getAttribute("action") || location.pathname,
      post: form.dataset.keptPost || "", // the editor is asked to show the text
    });
  };
  keptText.keepNow = keepNow;
  const forget = async (form) => {
    const state = track(form);
    state.base = fields.read(form);
    state.start = fields.signature(state.base);
    state.kept = null;
    await store.remove(state.id);
  };

  const typed = ({ target, isTrusted }) => {
    const form = target.closest?.("form");
    if (!form || !isTrusted || !fields.canBeKept(form)) return;
    const state = track(form);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => keepNow(form), PAUSE);
  };

  // --- Submitting
  const goesOn = (form) => fields.isEditor(form) || "goesOn" in form.dataset;
  const isGuarded = (form) => {
    const action = new URL(form.getAttribute("action") || "", location.href);
    return owner && form.method === "post" && action.origin === location.origin && action.pathname.startsWith("/admin/") && action.pathname !== LOGOUT && !("noGuard" in form.dataset) && (!form.target || form.target === "_self");
  };
  const send = (form, submitter) => {
    const state = states.get(form);
    const added = [["kept_text", state?.id || ""], [submitter?.name || "", submitter?.value || ""]]
      .filter(([name, value]) => name && (value || name !== "kept_text"))
      .map(([name, value]) => element("input", { type: "hidden", name, value }));
    form.append(...added);
    if (submitter?.formAction && submitter.hasAttribute("formaction")) form.action = submitter.formAction;
    HTMLFormElement.prototype.submit.call(form);
    setTimeout(() => added.forEach((each) => each.remove()));
  };
  // After a submit that did not happen: Wagtail asks again before the page is left, and its button is free.
  const release = (form, submitter) => {
    if (form.hasAttribute("data-w-unsaved-confirmation-value")) form.setAttribute("data-w-unsaved-confirmation-value", "true");
    const controls = submitter ? [submitter, ...form.querySelectorAll("[data-w-progress-loading-value=true]")] : [];
    for (const each of controls) {
      if (each.dataset.controller?.includes("w-progress")) each.setAttribute("data-w-progress-loading-value", "false");
      each.disabled = false;
    }
  };
  const busy = new WeakSet();
  const guard = async (form, submitter) => {
    if (busy.has(form)) return;
    busy.add(form);
    try {
      if (fields.canBeKept(form)) await keepNow(form);
      const why = goesOn(form)
        ? "You are signed out. What you typed is still on this page, and is sent as soon as you are signed in."
        : "You are signed out. What you typed is still on this page. After signing in, press the button again.";
      const state = await keptText.ready(why);
      if (state === "ok" || (state === "signed in again" && goesOn(form))) {
        await keptText.quiet(form.action);
        return void send(form, submitter);
      }
      release(form, submitter);
      if (state === "signed in again") {
        for (const field of form.querySelectorAll("input[type=password], input[autocomplete=one-time-code]")) field.value = "";
        keptText.notice(`You are signed in again. Nothing was sent: check it, then press “${submitter?.textContent.trim() || "the button"}” again.`);
        submitter?.focus({ preventScroll: true });
      } else if (state === "unreachable") {
        keptText.notice("The server cannot be reached, so nothing was sent. What you typed is still here and kept in this browser.", ["Try again", () => form.requestSubmit(submitter?.isConnected ? submitter : undefined)]);
      }
    } finally {
      busy.delete(form);
    }
  };
  addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !isGuarded(form)) return;
    event.preventDefault();
    guard(form, event.submitter);
  });

  // --- Signing out, here or in another tab
  const leave = () => {
    store.stop();
    addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), { capture: true });
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!owner || event.defaultPrevented || new URL(form.action, location.href).pathname !== LOGOUT) return;
    event.preventDefault();
    store.stop();
    await store.forgetUser(owner);
    channel?.postMessage({ signedOut: owner });
    HTMLFormElement.prototype.submit.call(form);
  });
  channel?.addEventListener("message", async ({ data }) => {
    if (!owner || data.signedOut !== owner) return;
    leave();
    // The other tab sends its form after this message: a page loaded now would still be this person's
    for (let turn = 0; turn < 20 && (await keptText.check()).state === "in"; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    location.reload();
  });
  document.addEventListener("kept-text:hand-over", store.stop);

  // --- The page editor saves by itself
  // Wagtail asks before a save when the network failed or somebody else saved, and then replaces their version.
  // The guard above and the server's answer to such a save say more, and replace nothing.
  const asks = document.querySelector("[data-controller~=w-session]");
  const askNoMore = () => asks.dataset.wSessionInterceptValue && asks.setAttribute("data-w-session-intercept-value", "");
  if (asks && document.querySelector("#page-edit-form")) {
    new MutationObserver(askNoMore).observe(asks, { attributeFilter: ["data-w-session-intercept-value"] });
  }
  let sent = null; // the signature of what was sent last
  document.addEventListener("w-autosave:save", ({ target }) => {
    sent = fields.signature(fields.read(target));
  });
  document.addEventListener("w-autosave:success", ({ target, detail }) => {
    const form = target.closest("form");
    if (!form) return;
    // Wagtail leaves these as they were, and “Save draft” would seem to be about an older version
    for (const name of ["revision_id", "revision_created_at"]) {
      const field = form.elements[`loaded_${name}`];
      if (field && detail.response?.[name]) field.value = detail.response[name];
    }
    if (!states.has(form)) return;
    if (fields.signature(fields.read(form)) === sent) forget(form);
    else keepNow(form);
  });
  document.addEventListener("kept-text:signed-in", () => {
    const form = document.getElementById("page-edit-form");
    if (form && states.get(form)?.kept) form.dispatchEvent(new CustomEvent("w-unsaved:add", { bubbles: true, cancelable: true, detail: { type: "edits" } }));
  });

  // Text that is in the form again and not saved yet: the record stays until it is kept anew, with all boxes.
  keptText.adopt = async (form, record) => {
    const state = track(form);
    state.start = record.content.start;
    if (record.content.base.length) state.base = record.content.base;
    const boxes = record.content.values.filter(([name]) => name.startsWith("box:"));
    for (let turn = 0; record.content.posted && turn < 20; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      fields.write(form, record.content.values);
      if (turn > 2 && boxes.every(([, value]) => fields.boxes(form).some((box) => box.value === value))) break;
    }
    state.kept = null;
    await keepNow(form);
    await store.remove(record.id);
  };
  const readCookie = async () => {
    const found = document.cookie.match(new RegExp(`(?:^|; )${DONE}="?([^";]+)`));
    if (!found) return;
    document.cookie = `${DONE}=; Max-Age=0; path=/admin/`;
    if (!found[1].startsWith("user:")) return void (await store.remove(found[1]));
    const user = Number(found[1].slice(5));
    await store.forgetUser(user);
    channel?.postMessage({ signedOut: user });
  };
  const offer = async () => {
    await store.purge();
    await readCookie();
    if (!owner) return;
    const shown = document.querySelector("[data-kept-shown]")?.dataset.keptShown;
    const form = document.getElementById("page-edit-form");
    for (const record of await store.left(pagePath())) {
      if (form && record.id === shown) keptText.adopt(form, record);
      else await keptText.bar.show(record);
    }
  };

  for (const type of ["input", "change", "keyup", "paste", "drop", "click"]) document.addEventListener(type, typed, true);
  document.addEventListener("focusin", ({ target }) => {
    const form = target.closest?.("form");
    if (form && fields.canBeKept(form)) track(form);
  });
  for (const type of ["visibilitychange", "pagehide"]) {
    addEventListener(type, () => {
      for (const [form, state] of states) if (form.isConnected && (state.timer || state.kept)) keepNow(form);
    }, true);
  }
  setInterval(() => {
    const form = document.getElementById("page-edit-form");
    if (form && states.has(form) && states.get(form).timer) keepNow(form);
  }, CHECK);
  addEventListener("pageshow", ({ persisted }) => persisted && offer());
  addEventListener("load", () => {
    for (const form of document.forms) if (!fields.isPosted(form) && fields.canBeKept(form)) track(form);
    offer();
  });
})();
