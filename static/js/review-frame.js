// Make the frame as tall as its content, so that a reviewer scrolls one page and misses nothing.
for (const frame of document.querySelectorAll(".review__frame")) {
  const fit = () => {
    const body = frame.contentDocument && frame.contentDocument.documentElement;
    if (!body) return;
    frame.style.blockSize = 0; // else its content is never lower than it was
    frame.style.blockSize = `${body.scrollHeight + 4}px`;
  };
  frame.addEventListener("load", fit);
  addEventListener("resize", fit);
  fit();
}
