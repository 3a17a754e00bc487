// Fetches what a page of a large bundle changes when the page is opened. Without this script, or if it fails, a link
// opens the bundle with that page.
{
  const fetching = new WeakSet();

  addEventListener("toggle", async (event) => {
    const later = event.target.open && event.target.querySelector(":scope > [data-later]");
    if (!later || fetching.has(later)) return;
    fetching.add(later);
    later.setAttribute("aria-busy", "true");
    try {
      const answer = await keptText.fetch(later.dataset.later);
      if (answer.ok) later.outerHTML = await answer.text();
    } catch {
      // the link stays
    }
    later.removeAttribute("aria-busy");
    fetching.delete(later);
  }, true);
}
