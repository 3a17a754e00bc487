// The bar that offers unsaved text of an earlier visit: what it says, whether the page changed meanwhile,
// and two buttons. Nothing is put back or discarded by itself.
keptText.bar = (() => {
  const { element, button, fields, store } = keptText;

  const when = (at) =>
    new Date(at).toLocaleString("en-GB", { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" });
  const bars = () => {
    const main = document.querySelector("#main .content") || document.getElementById("main");
    const found = document.querySelector(".kept-bars");
    if (found || !main) return found;
    const made = element("div", { className: "kept-bars" });
    const messages = main.querySelector(":scope > .messages");
    messages ? messages.after(made) : main.prepend(made);
    return made;
  };
  const both = (title, now, kept) =>
    element(
      "div",
      { className: "kept-bar__both" },
      element("strong", { textContent: title }),
      ...(now ? [element("p", { className: "kept-bar__label", textContent: "On the page now" }), element("blockquote", { textContent: now })] : []),
      element("p", { className: "kept-bar__label", textContent: "What you typed" }),
      element("blockquote", { textContent: kept }),
    );

  // What differs in a form of plain fields; `changed` says that the server's values are others than before.
  const compareFields = (record, form) => {
    const current = form ? fields.read(form) : [];
    const valueOf = (values, name) => values.filter(([each]) => each === name).map(([, value]) => value).join("\n");
    const { values, base } = record.content;
    const names = [...new Set(values.map(([name]) => name))].filter((name) => valueOf(values, name) !== valueOf(current, name));
    const hidden = (name) => form?.elements[name]?.type === "hidden";
    return {
      same: form ? fields.signature(current) === fields.signature(values) : false,
      changed: Boolean(form) && fields.signature(current) !== record.content.start && names.some((name) => valueOf(base, name) !== valueOf(current, name)),
      content: names
        .filter((name) => valueOf(values, name).trim() && !hidden(name))
        .map((name) => both(values.find(([each]) => each === name)[2] || name, valueOf(current, name), valueOf(values, name))),
    };
  };
  // The same for the page editor, by the server, which knows sections and versions.
  const compareEditor = async (record, form) => {
    const panel = document.querySelector("[data-editor-kept-url]");
    const own = record.content.values.filter(([name]) => name.startsWith("box:"));
    const beside = own.map(([, value, title]) => both(title || "Beside the text", "", value));
    if (!panel) return { same: false, changed: false, content: beside };
    const body = new URLSearchParams(record.content.values.filter(([name]) => !name.startsWith("box:")).map(([name, value]) => [name, value]));
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    try {
      const answer = await keptText.fetch(panel.dataset.editorKeptUrl, { method: "POST", body, headers: { Accept: "application/json" } });
      const json = await answer.json();
      const holder = element("div", { innerHTML: answer.ok ? json.html : "" });
      return { same: answer.ok && json.same && !own.length, onlyBoxes: answer.ok && json.same, changed: Boolean(json.moved_on) && !json.same, message: json.moved_on, content: [...holder.childNodes, ...beside] };
    } catch {
      return { same: false, changed: false, content: beside };
    }
  };

  // Post the kept values; the server shows the form with them and saves nothing.
  const post = (record) => {
    const { action, values } = record.content;
    const extra = record.content.post || `kept-text-shown=${record.id}`;
    const form = element("form", { method: "post", action, hidden: true });
    form.dataset.noGuard = "";
    const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
    for (const [name, value] of [["csrfmiddlewaretoken", token], ...values.filter(([each]) => !each.startsWith("box:")), ...new URLSearchParams(extra)]) {
      const field = element("textarea", { name });
      field.value = value;
      form.append(field);
    }
    document.body.append(form);
    addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), { capture: true });
    HTMLFormElement.prototype.submit.call(form);
  };

  const putBack = async (record, form, bar, onlyBoxes) => {
    if (onlyBoxes) {
      bar.remove();
      return keptText.adopt(form, record);
    }
    if (record.content.posted) {
      return (await keptText.ready()) === "unreachable" ? keptText.notice("The server cannot be reached. What you typed is still kept; try again.") : post(record);
    }
    fields.write(form, record.content.values);
    for (let details = form.closest("details:not([open])"); details; details = details.parentElement.closest("details:not([open])")) details.open = true;
    bar.remove();
    await keptText.keepNow(form);
    await store.remove(record.id);
    const first = form.querySelector("textarea, input:not([type=hidden])");
    first?.scrollIntoView({ block: "center" });
    return first?.focus({ preventScroll: true });
  };

  // The page shows the kept words already. They are unsaved if the browser restored them, or if the server
  // refused the form and shows it again.
  const isSaved = (form) => {
    if (fields.isEditor(form)) return true; // compared with what is stored
    const refused = (performance.getEntriesByType("navigation")[0]?.responseStatus || 200) >= 400;
    return !refused && [...form.elements].every((each) => !("defaultValue" in each) || each.value === each.defaultValue);
  };

  const show = async (record) => {
    const { name, posted } = record.content;
    const form = [...document.forms].find((each) => fields.canBeKept(each) && fields.nameOf(each) === name);
    const editor = form && fields.isEditor(form);
    const { same, changed, message, content, onlyBoxes } = editor ? await compareEditor(record, form) : posted ? { content: [] } : compareFields(record, form);
    if (same) return isSaved(form) ? store.remove(record.id) : keptText.adopt(form, record);
    const place = bars();
    if (!place) return undefined;
    const bar = element("section", { className: `kept-bar${changed ? " kept-bar--changed" : ""}` });
    bar.setAttribute("aria-label", "Unsaved text");
    const line = element("p", { className: "kept-bar__line", textContent: `Text you typed on ${when(record.at)} was not saved.` });
    line.setAttribute("role", "status");
    bar.append(line);
    if (changed) bar.append(element("p", { className: "kept-bar__changed", textContent: message || "The page has changed meanwhile. Compare both before you put yours back." }));
    const possible = form || posted;
    if (!possible) bar.append(element("p", { textContent: "This page has no place for it any more. You can copy it from here." }));
    if (content?.length) {
      const details = element("details", { open: changed || !possible }, element("summary", { textContent: "What differs" }), ...content);
      bar.append(details);
    }
    const discard = async () => {
      await store.remove(record.id);
      bar.remove();
    };
    const buttons = element("div", { className: "kept-bar__buttons" });
    if (possible) buttons.append(button("Put it back", () => putBack(record, form, bar, onlyBoxes)));
    buttons.append(button("Discard", discard, true));
    bar.append(buttons);
    return place.append(bar);
  };

  return { show };
})();
