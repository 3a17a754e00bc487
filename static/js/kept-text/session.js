// Who is signed in, notices at the foot of the page, and signing in over the page.
// `keptText` is shared by the scripts of this folder; `owner` is the user for whom the page was made.
window.keptText = (() => {
  const ADMIN = "/admin/";
  const STATE_URL = "/admin/session/";
  const HEADER = "X-Sign-In-Dialog";
  const owner = Number(document.querySelector("[data-page-user]")?.dataset.pageUser) || null;
  const fetchNow = window.fetch.bind(window);
  let token = null; // a newer CSRF token than the page's own

  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const button = (label, act, secondary = false) =>
    element("button", { type: "button", className: `button${secondary ? " button-secondary" : ""}`, textContent: label, onclick: act });

  // One notice at a time, at the foot of the page, where it covers no field that is being typed in.
  const foot = element("div", { className: "kept-notice", hidden: true });
  foot.setAttribute("role", "alert");
  const hideNotice = () => {
    foot.hidden = true;
    foot.replaceChildren();
  };
  const notice = (text, ...actions) => {
    if (!foot.isConnected) document.body.append(foot);
    const buttons = actions.map(([label, act]) => button(label, () => { hideNotice(); act(); }));
    foot.replaceChildren(element("p", { textContent: text }), element("div", { className: "kept-notice__buttons" }, ...buttons, button("Close", hideNotice, true)));
    foot.hidden = false;
    // Above the bar of buttons that stays at the foot of the editor
    const bar = document.querySelector("footer:has(.action-save)")?.getBoundingClientRect();
    const covered = bar && bar.top < innerHeight ? innerHeight - bar.top : 0;
    foot.style.insetBlockEnd = `${covered + 16}px`; // px
  };

  /** Return {state: "in" | "out" | "unreachable", user, name, csrf, key}. */
  const check = async () => {
    try {
      const answer = await fetchNow(STATE_URL, { headers: { [HEADER]: "1", Accept: "application/json" }, cache: "no-store" });
      if (answer.ok) return { state: "in", ...(await answer.json()) };
      return { state: answer.status === 401 || answer.status === 403 ? "out" : "unreachable" };
    } catch {
      return { state: "unreachable" };
    }
  };

  const renew = (csrf) => {
    token = csrf;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = csrf;
  };

  // --- The dialog. It shows the forms of the sign-in pages and posts them to where those pages post them.
  const dialog = element("dialog", { className: "kept-dialog" });
  dialog.setAttribute("aria-labelledby", "kept-dialog-title");
  let finish = null; // ends the sign-in that is under way

  // Ids of the sign-in form may be those of fields of the page.
  const withOwnIds = (form) => {
    for (const each of form.querySelectorAll("[id], [for], [aria-describedby]")) {
      for (const name of ["id", "for", "aria-describedby"]) {
        if (each.hasAttribute(name)) each.setAttribute(name, each.getAttribute(name).split(" ").map((id) => `sign-in-${id}`).join(" "));
      }
    }
    return form;
  };

  const fill = (title, text, ...content) => {
    const heading = element("h2", { id: "kept-dialog-title", className: "kept-dialog__title", textContent: title });
    dialog.replaceChildren(heading, element("p", { className: "kept-dialog__text", textContent: text }), ...content);
    if (!dialog.isConnected) document.body.append(dialog);
    if (!dialog.open) dialog.showModal();
    (dialog.querySelector("[autofocus], input:not([type=hidden])") || dialog.querySelector("button"))?.focus();
  };

  const showForm = (html, why) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const found = page.querySelector("form.login-form");
    const cancel = button("Not now", () => finish(false), true);
    if (!found) {
      const link = element("a", { className: "button", href: STATE_URL, target: "_blank", rel: "noopener", textContent: "Open the sign-in page" });
      fill("Sign in again", "Your account needs a further step. Do it in a new tab, then come back here: what you typed stays.", link, cancel);
      return;
    }
    const form = withOwnIds(document.importNode(found, true));
    for (const each of form.querySelectorAll("[data-controller]")) each.removeAttribute("data-controller");
    for (const each of form.querySelectorAll("[name=remember]")) (each.closest("label, .w-field__wrapper") || each).remove();
    for (const link of form.querySelectorAll("a")) link.target = "_blank";
    const errors = element("div", { className: "kept-dialog__errors" });
    errors.setAttribute("role", "alert");
    for (const line of page.querySelectorAll(".messages li")) errors.append(element("p", { textContent: line.textContent.trim() }));
    form.className = "kept-dialog__form";
    form.prepend(errors);
    form.querySelector("footer, .form-actions")?.append(cancel);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      step(form.getAttribute("action"), { method: "POST", body: new FormData(form) }, why);
    });
    const others = page.querySelector("form.accounts-sign-out");
    const away = others && button("Use another account", async () => {
      await fetchNow(others.getAttribute("action"), { method: "POST", body: new FormData(others) });
      step(STATE_URL, {}, why);
    }, true);
    fill(page.querySelector("h1")?.textContent.trim() || "Sign in", why, form, ...(away ? [away] : []));
  };

  // One request of the sign-in; its answer is the next form, or says who is signed in.
  const step = async (url, init, why) => {
    for (const each of dialog.querySelectorAll("button[type=submit]")) each.disabled = true;
    try {
      const answer = await fetchNow(url, { ...init, cache: "no-store" });
      if (answer.headers.get("Content-Type")?.includes("json")) finish(await answer.json());
      else showForm(await answer.text(), why);
    } catch {
      for (const each of dialog.querySelectorAll("button[type=submit]")) each.disabled = false;
      const errors = dialog.querySelector(".kept-dialog__errors");
      const text = "The server cannot be reached. What you typed stays on this page; try again.";
      if (errors) errors.replaceChildren(element("p", { textContent: text }));
      else finish(false, text);
    }
  };

  // Somebody else signed in: neither show them the page's words nor save anything in their name.
  const handOver = (name) => {
    document.getElementById("main")?.replaceChildren();
    addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), { capture: true });
    document.dispatchEvent(new CustomEvent("kept-text:hand-over"));
    fill(
      `You are signed in as ${name}`,
      "This page was open for another person. Their unsaved text is kept for them in this browser, and nothing of it was sent in your name.",
      button(`Open the page as ${name}`, () => location.reload()),
    );
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    return new Promise(() => {});
  };

  /** Take over a state for which somebody is signed in; true if it is the page's owner. */
  const accept = async (state) => {
    if (owner && state.user !== owner) return handOver(state.name);
    renew(state.csrf);
    return true;
  };

  let signingIn = null;
  /** Sign in over the page; true once the page's owner is signed in, false if they do not want to now. */
  const signIn = (why = "You are signed out. What you typed is still on this page.") => {
    signingIn ||= new Promise((resolve) => {
      finish = async (state, message) => {
        finish = () => {};
        const done = state ? await accept(state) : false;
        if (dialog.open) dialog.close();
        signingIn = null;
        if (message) notice(message);
        if (done) document.dispatchEvent(new CustomEvent("kept-text:signed-in"));
        resolve(done);
      };
      hideNotice();
      step(STATE_URL, {}, why);
    });
    return signingIn;
  };
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    finish?.(false);
  });
  addEventListener("focus", async () => {
    if (!signingIn || dialog.querySelector("input:not([type=hidden])")?.value) return;
    const state = await check();
    if (state.state === "in" && signingIn) finish(state);
  });

  /** "ok", "signed in again", "cancelled" or "unreachable"; asks for a sign-in where one is needed. */
  const ready = async (why) => {
    const state = await check();
    if (state.state === "unreachable") return "unreachable";
    if (state.state === "in") return (await accept(state)) && "ok";
    return (await signIn(why)) ? "signed in again" : "cancelled";
  };

  // --- Requests of scripts. Wagtail's own pass here, too.
  const withToken = (init, headers) => {
    if (!token) return init.body;
    if (headers.has("X-CSRFToken")) headers.set("X-CSRFToken", token);
    const { body } = init;
    if ((body instanceof FormData || body instanceof URLSearchParams) && body.has("csrfmiddlewaretoken")) body.set("csrfmiddlewaretoken", token);
    return typeof body === "string" ? body.replace(/(^|&)csrfmiddlewaretoken=[^&]*/, `$1csrfmiddlewaretoken=${token}`) : body;
  };
  const isOurs = (input) => {
    const url = new URL(input instanceof Request ? input.url : input, location.href);
    return url.origin === location.origin && url.pathname.startsWith(ADMIN);
  };
  const problemOf = async (answer) => {
    if (answer.status !== 401 && answer.status !== 403) return null;
    try {
      return (await answer.clone().json()).code || null;
    } catch {
      return null;
    }
  };
  // Saves of the editor that are under way; once its form goes, no further one may follow or overtake it.
  const saving = new Map();
  const HANDLED = 250; // ms
  const LONGEST_SAVE = 30_000; // ms; a form that overtakes a save is refused as one about an older version
  let closed = null;
  const addressOf = (input) => new URL(input instanceof Request ? input.url : input, location.href).pathname;
  /** Wait until no script posts to `url` any more, and let none do so from now on. */
  const quiet = async (url) => {
    const path = addressOf(url);
    const end = performance.now() + LONGEST_SAVE;
    while (saving.get(path) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
    closed = path;
    setTimeout(() => {
      closed = null; // the page is still here: the answer was a file, or none
    }, 15_000);
  };
  const request = async (input, init = {}, ask = false) => {
    if (!isOurs(input)) return fetchNow(input, init);
    if (String(init.method).toUpperCase() !== "POST") return requestNow(input, init, ask);
    const path = addressOf(input);
    if (path === closed) return new Promise(() => {});
    saving.set(path, (saving.get(path) || 0) + 1);
    const handled = () => setTimeout(() => saving.set(path, saving.get(path) - 1), HANDLED);
    try {
      const answer = await requestNow(input, init, ask);
      // Under way until the script that asked has read the whole answer: the form then names the new version
      answer.clone().arrayBuffer().then(handled, handled);
      return answer;
    } catch (error) {
      handled();
      throw error;
    }
  };
  const requestNow = async (input, init, ask) => {
    const send = () => {
      const headers = new Headers(init.headers || (input instanceof Request ? input.headers : {}));
      headers.set(HEADER, "1");
      const body = withToken(init, headers);
      return fetchNow(input, body === undefined ? { ...init, headers } : { ...init, headers, body });
    };
    const answer = await send();
    const problem = owner ? await problemOf(answer) : null;
    if (problem === "stale_token") return (await ready()) === "cancelled" ? answer : send();
    if (problem !== "signed_out") return answer;
    if (ask) return (await signIn()) ? send() : answer;
    // Not a dialog: it would take the keys that somebody is typing
    if (!signingIn) notice("You are signed out. What you type is kept in this browser until you are signed in again.", ["Sign in", () => signIn()]);
    return answer;
  };
  window.fetch = (input, init) => request(input, init);

  return { owner, element, button, notice, hideNotice, check, ready, quiet, signIn, fetch: (input, init) => request(input, init, true) };
})();
