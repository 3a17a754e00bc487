// Opens the device's share menu from the links beside the headings of sections. Without it, or without this
// script, they lead to their section, whose address can be copied.
(() => {
  "use strict";
  if (!navigator.share) return;
  document.querySelectorAll("a[data-share]").forEach((link) => {
    link.setAttribute("aria-label", link.dataset.share);
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      navigator.share({ title: `${link.dataset.about} | ${document.title}`, url: link.href }).catch((error) => {
        if (error.name !== "AbortError") location.assign(link.href);
      });
    });
  });
})();
