// The block of a standard text: shows the words of the version that its input holds, and lets the writer choose.
// The input is the block's own, so that saving, undoing and keeping of unsaved text work as for every field.
class StandardTextChoice extends HTMLElement {
  connectedCallback() {
    if (this.input) return;
    this.input = this.querySelector("[data-version]");
    this.words = this.querySelector("[data-words]");
    this.asked = 0; // only the newest answer is shown
    this.words.addEventListener("click", (event) => this.clicked(event));
    for (const kind of ["input", "change", "keydown"]) this.words.addEventListener(kind, (event) => this.typed(event));
    // Other scripts that put a value back say so by this event.
    this.input.addEventListener("change", () => this.load());
    // Wagtail fills in the value after it has put the element into the page.
    setTimeout(() => this.load());
  }

  async load(choosing = false, focus = false) {
    this.asked += 1;
    const own = this.asked;
    const query = new URLSearchParams({ chosen: this.input.value });
    if (choosing) query.set("choose", "");
    try {
      const response = await fetch(`${this.dataset.url}?${query}`, { headers: { Accept: "text/html" } });
      if (!response.ok) throw new Error(response.status);
      const html = await response.text();
      if (own !== this.asked) return;
      this.words.innerHTML = html;
      if (focus) this.words.querySelector("input, summary, button, a")?.focus();
    } catch {
      if (own !== this.asked) return;
      const problem = Object.assign(document.createElement("p"), { className: "standard-text__problem", textContent: "The words cannot be shown now. What is chosen stays as it is. " });
      problem.setAttribute("role", "alert");
      const again = Object.assign(document.createElement("button"), { type: "button", className: "button button-small", textContent: "Try again" });
      again.addEventListener("click", () => this.load(choosing, true));
      this.words.replaceChildren(problem, again);
    }
  }

  // The field is none of the editor's form: its words are not saved, and Enter does not submit the page.
  typed(event) {
    if (!event.target.matches("[data-find]")) return;
    event.stopPropagation();
    if (event.key === "Enter") event.preventDefault();
    if (event.type !== "input") return;
    const wanted = event.target.value.trim().toLowerCase();
    const offers = [...this.words.querySelectorAll(".standard-text__offer")];
    for (const offer of offers) offer.hidden = !offer.querySelector("summary").textContent.toLowerCase().includes(wanted);
    const shown = offers.filter(({ hidden }) => !hidden).length;
    this.words.querySelector("[data-found]").textContent = wanted ? `${shown} of ${offers.length}` : "";
  }

  clicked({ target }) {
    const use = target.closest("[data-use]");
    if (use) {
      this.input.value = use.dataset.use;
      this.input.dispatchEvent(new Event("input", { bubbles: true }));
      // Loads the words, too.
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
      this.words.setAttribute("tabindex", "-1");
      this.words.focus();
    } else if (target.closest("[data-choose]")) this.load(true, true);
    else if (target.closest("[data-keep]")) this.load(false, true);
  }
}

if (!customElements.get("standard-text-choice")) customElements.define("standard-text-choice", StandardTextChoice);
