// Suggests names below a search field while the user types: the combobox with list autocomplete and manual
// selection of the ARIA Authoring Practices. The form works without this script.
(() => {
  "use strict";
  const DELAY = 120; // ms without a key press before suggestions are fetched
  const element = (name, attributes, parent) => {
    const created = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) created.setAttribute(key, value);
    return parent.appendChild(created);
  };

  document.querySelectorAll("form[data-suggest]").forEach((form) => {
    const field = form.elements.q;
    const id = `${field.id}-names`;
    const list = element("ul", { id, role: "listbox", class: "names", "aria-label": field.labels[0].textContent }, field.parentNode);
    list.hidden = true;
    let selected = -1;
    let timer;
    let request;

    for (const [key, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id })) field.setAttribute(key, value);

    const select = (index) => {
      selected = index;
      [...list.children].forEach((option, i) => option.setAttribute("aria-selected", i === index));
      if (index < 0) field.removeAttribute("aria-activedescendant");
      else {
        field.setAttribute("aria-activedescendant", list.children[index].id);
        list.children[index].scrollIntoView({ block: "nearest" });
      }
    };
    const setOpen = (open) => {
      list.hidden = !open;
      field.setAttribute("aria-expanded", open);
      select(-1);
    };
    const close = () => {
      clearTimeout(timer);
      request?.abort();
      setOpen(false);
    };
    const showNames = (names) => {
      list.replaceChildren();
      names.forEach(({ name, medicine, note, path }, i) => {
        const option = element("li", { id: `${id}-${i}`, role: "option", "aria-selected": "false" }, list);
        option.dataset.path = path;
        option.append(name);
        for (const about of [medicine, note]) {
          if (about) element("span", { class: "names__of" }, option).append(` ${about}`);
        }
      });
      setOpen(names.length > 0);
    };
    const fetchNames = async () => {
      request?.abort();
      request = new AbortController();
      const typed = field.value.trim();
      if (!typed) return showNames([]);
      try {
        const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: request.signal, credentials: "omit" });
        if (answer.ok) showNames((await answer.json()).suggestions);
      } catch {
        // Offline, or aborted by a newer request: the form still works
      }
    };
    const open = (option) => option && location.assign(option.dataset.path);

    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(fetchNames, DELAY);
    });
    field.addEventListener("keydown", (event) => {
      const count = list.children.length;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.isComposing) return;
      if (step && count) {
        event.preventDefault();
        if (list.hidden) setOpen(true);
        // The field itself is one stop of the cycle
        const stops = count + 1;
        select(((selected + 1 + step + stops) % stops) - 1);
      } else if (event.key === "Enter" && !list.hidden && selected >= 0) {
        event.preventDefault();
        open(list.children[selected]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "Tab") close();
    });
    field.addEventListener("blur", close);
    // Keep the focus in the field: losing it would close the list
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => open(event.target.closest("[role=option]")));
  });
})();
