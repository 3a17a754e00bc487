// Ticks all boxes of a list, or none, by the link above it. Without this script the link loads the list so.
(() => {
  "use strict";
  for (const link of document.querySelectorAll("a[data-tick]")) {
    const boxes = [...link.closest("form").querySelectorAll('input[type="checkbox"]')].filter((box) => box.name === link.dataset.tick);
    const count = () => boxes.filter((box) => box.checked).length;
    const label = () => {
      link.textContent = count() === boxes.length ? "Tick none" : link.dataset.tickAll;
    };

    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // opens the list in another tab
      event.preventDefault();
      const all = count() < boxes.length;
      for (const box of boxes) {
        if (box.checked === all) continue;
        box.checked = all;
        box.dispatchEvent(new Event("change", { bubbles: true }));
      }
      link.nextElementSibling.textContent = `${count()} of ${boxes.length} ticked`;
    });
    for (const box of boxes) box.addEventListener("change", label);
    if (boxes.length) label(); // a browser restores what was ticked when somebody comes back
  }
})();
