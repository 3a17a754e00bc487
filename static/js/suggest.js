// Names for what is typed so far, below each search field: the list of the ARIA Authoring Practices' combobox
// ("list autocomplete with manual selection"). The form works the same without it.
(() => {
  "use strict";
  const WAIT = 120; // ms of rest after a key
  const element = (name, attributes, parent) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return parent.appendChild(made);
  };

  document.querySelectorAll("form[data-suggest]").forEach((form) => {
    const field = form.elements.q;
    const id = `${field.id}-names`;
    const list = element("ul", { id, role: "listbox", class: "names", "aria-label": field.labels[0].textContent }, field.parentNode);
    list.hidden = true;
    let chosen = -1;
    let timer;
    let asked;

    for (const [key, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id })) field.setAttribute(key, value);

    const choose = (place) => {
      chosen = place;
      [...list.children].forEach((option, i) => option.setAttribute("aria-selected", i === place));
      if (place < 0) field.removeAttribute("aria-activedescendant");
      else {
        field.setAttribute("aria-activedescendant", list.children[place].id);
        list.children[place].scrollIntoView({ block: "nearest" });
      }
    };
    const show = (open) => {
      list.hidden = !open;
      field.setAttribute("aria-expanded", open);
      choose(-1);
    };
    const close = () => {
      clearTimeout(timer);
      asked?.abort();
      show(false);
    };
    const offer = (names) => {
      list.replaceChildren();
      names.forEach(({ name, medicine, path }, i) => {
        const option = element("li", { id: `${id}-${i}`, role: "option", "aria-selected": "false" }, list);
        option.dataset.path = path;
        option.append(name);
        if (medicine) element("span", { class: "names__of" }, option).append(` ${medicine}`);
      });
      show(names.length > 0);
    };
    const ask = async () => {
      asked?.abort();
      asked = new AbortController();
      const typed = field.value.trim();
      if (!typed) return offer([]);
      try {
        const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: asked.signal, credentials: "omit" });
        if (answer.ok) offer((await answer.json()).suggestions);
      } catch {
        // Off line, or asked anew: the form still searches
      }
    };
    const go = (option) => option && location.assign(option.dataset.path);

    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    field.addEventListener("keydown", (event) => {
      const count = list.children.length;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.isComposing) return;
      if (step && count) {
        event.preventDefault();
        if (list.hidden) show(true);
        // The field itself is one stop on the way round
        const stops = count + 1;
        choose(((chosen + 1 + step + stops) % stops) - 1);
      } else if (event.key === "Enter" && !list.hidden && chosen >= 0) {
        event.preventDefault();
        go(list.children[chosen]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "Tab") close();
    });
    field.addEventListener("blur", close);
    // Before the field loses the focus, which would close the list
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => go(event.target.closest("[role=option]")));
  });
})();
