// Which panels of the editor are closed: remembered in this browser for each person and page. A page opened first is
// as the person last left all panels, by “Close all” or “Open all”.
(() => {
  const { form } = window.editorAnchors;
  if (!form || !document.querySelector("[data-editor-panel]")) return;
  const TOGGLE = "[data-panel-toggle]";
  const ERROR = '[aria-invalid="true"], .w-field--error, .error';
  const HABIT = `editor-panels:${window.keptText.owner}`;
  // A new page has an address of its own once it is saved
  const key = () => (/\/edit\/$/.test(location.pathname) ? `${HABIT}:${location.pathname}` : "");

  const read = (name) => {
    try {
      return name && JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  };
  const write = (name, value) => {
    try {
      if (name) localStorage.setItem(name, JSON.stringify(value));
    } catch {
      // a browser that keeps nothing
    }
  };

  const idOf = (toggle) => toggle.closest("[data-panel]")?.id;
  const isOpen = (toggle) => toggle.getAttribute("aria-expanded") === "true";
  const toggles = () => [...form.querySelectorAll(TOGGLE)].filter((toggle) => idOf(toggle));
  const sections = () => form.querySelector('[data-contentpath="sections"]')?.closest("[data-panel]");
  // Sections, and panels beside them: what is inside of one is closed with it.
  const outer = () =>
    toggles().filter((toggle) => {
      const panel = toggle.closest("[data-panel]");
      const around = panel.parentElement.closest("[data-panel]");
      return panel !== sections() && !panel.querySelector('[data-contentpath="title"]') && (!around || around === sections());
    });

  const closed = new Set(read(key()) || []);
  const known = Boolean(read(key()));
  const habit = read(HABIT);
  let loading = true;

  const close = (toggle) => isOpen(toggle) && toggle.click();
  // Not what has an error, or what the address leads to
  const mayClose = (toggle) => {
    const content = document.getElementById(toggle.getAttribute("aria-controls"));
    const target = location.hash && `#${CSS.escape(location.hash.slice(1))}`;
    return !content?.querySelector(ERROR) && !(target && content?.querySelector(target));
  };
  const restore = (toggle) => {
    if (!loading || !(closed.has(idOf(toggle)) || (!known && habit === "closed" && outer().includes(toggle)))) return;
    if (mayClose(toggle)) close(toggle);
  };
  // Panels come with the page, and once Wagtail has built the streams
  form.addEventListener("wagtail:panel-init", ({ target }) => restore(target));
  for (const toggle of toggles()) restore(toggle);
  addEventListener("load", () => setTimeout(() => {
    for (const toggle of toggles()) restore(toggle);
    loading = false;
    window.editorAnchors.showAddressed();
  }));

  const remember = () => {
    const ids = toggles().filter((toggle) => !isOpen(toggle)).map(idOf);
    write(key(), ids);
  };
  let waiting = 0;
  form.addEventListener("wagtail:panel-toggle", () => {
    if (loading) return;
    clearTimeout(waiting);
    waiting = setTimeout(remember, 100);
  });

  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-panels-close], [data-panels-open]");
    if (!button) return;
    const closes = "panelsClose" in button.dataset;
    write(HABIT, closes ? "closed" : "open");
    if (closes) outer().forEach(close);
    else for (const toggle of toggles()) if (!isOpen(toggle)) toggle.click();
    remember();
    button.scrollIntoView({ block: "nearest" });
  });
})();
