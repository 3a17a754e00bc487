// Gives each cell of Wagtail's lists the name of its column: on a phone css/listing.css shows it above the cell.
(() => {
  "use strict";
  const SHOWN = "a, button, img, input, svg";
  const LONG = 40; // letters that do not fit beside others

  function nameColumns(table) {
    const header = [...(table.tHead?.rows[0]?.cells ?? [])];
    const names = header.map((cell) => (cell.querySelector("a") ?? cell).textContent.trim());
    for (const row of table.tBodies[0]?.rows ?? []) {
      if (row.cells.length !== names.length) continue;
      for (const [n, cell] of [...row.cells].entries()) {
        const words = cell.textContent.replace(/\s+/g, " ").trim();
        if (!words && !cell.querySelector(SHOWN)) cell.dataset.nothing = "";
        else if (names[n]) cell.dataset.column = names[n];
        cell.toggleAttribute("data-long", words.length > LONG);
      }
      table.classList.add("listing--named");
    }
  }

  const nameAll = () => document.querySelectorAll("table.listing").forEach(nameColumns);
  document.addEventListener("w-swap:success", nameAll); // a search or a filter loaded other rows
  nameAll();
})();
