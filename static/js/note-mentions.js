// Completes “@name” wherever a note, an answer or a reason is typed that people are told of: a list of those who may see
// the page, by the keyboard or a tap. A field finds the address of the names at an element around it; all works without.
(() => {
  "use strict";
  const DELAY = 150; // ms without a key press before names are fetched
  const TYPED = /(?:^|[^\w@.+-])@([\w.+-]{0,40})$/;
  const FIELDS = "textarea[name=body], textarea[data-editor-field=editor-body], textarea[data-mentions-here]";
  const attached = new WeakSet();
  let count = 0;

  // One for all fields, once there is one: what changes is read out without moving the cursor
  const status = document.createElement("p");
  status.className = "w-sr-only";
  status.setAttribute("role", "status");

  const attach = (field) => {
    document.body.append(status);
    const address = field.closest("[data-mentions]").dataset.mentions;
    const list = document.createElement("ul");
    list.id = `mentions-${(count += 1)}`;
    list.className = "mention-names";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "People to mention");
    list.hidden = true;
    field.after(list);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    let selected = -1;
    let timer;
    let request;

    const select = (index) => {
      selected = index;
      [...list.children].forEach((option, i) => option.setAttribute("aria-selected", i === index));
      if (index < 0) field.removeAttribute("aria-activedescendant");
      else {
        field.setAttribute("aria-activedescendant", list.children[index].id);
        list.children[index].scrollIntoView({ block: "nearest" });
      }
    };
    const close = () => {
      clearTimeout(timer);
      request?.abort();
      list.hidden = true;
      status.textContent = "";
      select(-1);
    };
    const typed = () => TYPED.exec(field.value.slice(0, field.selectionStart))?.[1];
    const insert = (name) => {
      const start = field.selectionStart - (typed()?.length ?? 0);
      field.setRangeText(`${name} `, start, field.selectionStart, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      close();
      field.focus();
    };
    const show = (people) => {
      list.replaceChildren();
      people.forEach(({ name, full }, i) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${i}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.name = name;
        option.textContent = full === name ? name : `${full} (@${name})`;
        list.append(option);
      });
      if (!list.isConnected) field.after(list); // the editor draws its annotations anew
      list.hidden = people.length === 0;
      status.textContent = people.length ? `${people.length} ${people.length === 1 ? "person" : "people"} to mention` : "";
      select(people.length ? 0 : -1);
    };
    const look = async () => {
      const begun = typed();
      if (begun === undefined) return close();
      request?.abort();
      const own = (request = new AbortController());
      try {
        const answer = await fetch(`${address}?q=${encodeURIComponent(begun)}`, { signal: own.signal });
        if (answer.ok) show((await answer.json()).people);
      } catch {
        if (request === own) close(); // else it was ended for the one after it
      }
    };

    field.addEventListener("input", () => {
      clearTimeout(timer);
      if (typed() === undefined) close();
      else timer = setTimeout(look, DELAY);
    });
    field.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const last = list.children.length - 1;
      if (event.key === "ArrowDown") select(selected < last ? selected + 1 : 0);
      else if (event.key === "ArrowUp") select(selected > 0 ? selected - 1 : last);
      else if (event.key === "Enter" || event.key === "Tab") insert(list.children[selected].dataset.name);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    list.addEventListener("pointerdown", (event) => {
      const option = event.target.closest("[role=option]");
      if (!option) return;
      event.preventDefault();
      insert(option.dataset.name);
    });
    field.addEventListener("blur", close);
  };
  // Also fields that come later: the editor's annotations, and what a script replaces
  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches?.(FIELDS) || attached.has(target) || !target.closest("[data-mentions]")) return;
    attached.add(target);
    attach(target);
  });
})();
