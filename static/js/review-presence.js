// Report that this review is open, and show who else has it open. The server forgets a silent screen.
(() => {
  const line = document.querySelector("[data-looking]");
  if (!line) return;
  const every = 30_000; // milliseconds; see LOOKING_SECONDS on the server

  const show = (people) => {
    line.hidden = !people.length;
    const text = people.length ? `Open now on other screens: ${people.join(", ")}` : "";
    if (line.textContent !== text) line.textContent = text;
  };

  const report = async () => {
    if (document.hidden) return;
    const headers = { "X-CSRFToken": line.dataset.token };
    try {
      const answer = await fetch(line.dataset.looking, { method: "POST", headers });
      if (answer.ok) show((await answer.json()).people);
    } catch {
      // Offline: nothing is shown until the next report
    }
  };

  setInterval(report, every);
  document.addEventListener("visibilitychange", report);
})();
