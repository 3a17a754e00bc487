// The words of one section's text that are selected, for a note on them. Read by scripts that are loaded after this one.
// The screen shows deleted text as well; a note is on the text as it is now.
const currentText = (range) => {
  const content = range.cloneContents();
  for (const deleted of content.querySelectorAll("del, [data-not-text], .redline__line--deleted")) deleted.remove();
  return content.textContent.replace(/\s+/g, " ");
};

const selectedWords = () => {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const holder = range.commonAncestorContainer;
  const section = (holder.nodeType === Node.TEXT_NODE ? holder.parentElement : holder).closest("[data-section-text]");
  const words = section ? currentText(range).trim() : "";
  return words ? { section, range, words } : null;
};
