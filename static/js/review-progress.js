// Post marks and ticks without reloading the page, and add notes on selected passages.
// All of it works without this script, too: the same forms are posted, and the page is reloaded.
const review = document.querySelector(".review");
const CONTEXT = 64; // characters kept of the words before and after a passage

const showError = (form, message) => {
  let line = form.querySelector(".review-field__error");
  if (!line) {
    line = document.createElement("p");
    line.className = "review-field__error";
    line.setAttribute("role", "alert");
    form.append(line);
  }
  line.textContent = message;
};

const replaceParts = (html) => {
  const parts = new DOMParser().parseFromString(html, "text/html").body.children;
  for (const part of [...parts]) document.getElementById(part.id)?.replaceWith(part);
};

// One request at a time, in order: a checklist is posted as a whole, and an older one must not arrive last.
let pending = Promise.resolve();
const send = (form, submitter) => {
  const sent = pending.then(() => sendNow(form, submitter));
  pending = sent;
  return sent;
};

const sendNow = async (form, submitter) => {
  const body = new FormData(form);
  if (submitter?.name) body.append(submitter.name, submitter.value);
  try {
    const answer = await keptText.fetch(form.action, { method: "POST", body, headers: { "X-Parts": "1" } });
    const text = await answer.text();
    if (answer.ok) replaceParts(text);
    else if (answer.status === 401) showError(form, "You are signed out, so nothing was saved. Try again and sign in.");
    else if (answer.status === 403 && answer.headers.get("Content-Type").startsWith("text/plain")) showError(form, text);
    else showError(form, "That did not work. Reload the page and try again.");
    return answer.ok;
  } catch {
    showError(form, "The server cannot be reached. Nothing was saved; try again.");
    return false;
  }
};

const submitForm = async (event) => {
  const form = event.target.closest("form[data-parts]");
  if (!form) return;
  event.preventDefault();
  const hadFocus = form.contains(document.activeElement);
  const done = await send(form, event.submitter);
  if (done && hadFocus) document.getElementById(form.id)?.querySelector("button")?.focus();
};

const saveChecklist = async (event) => {
  const form = event.target.closest('form[data-parts="change"]');
  if (!form) return;
  if (!(await send(form))) event.target.checked = !event.target.checked;
};

const selectedPassage = () => {
  const found = selectedWords();
  const forms = found?.section.closest("[data-section]");
  const form = forms?.querySelector(".review-note-form:not(.review-suggest-form) form");
  if (!form) return null;
  const { section, range, words: quote } = found;
  const before = range.cloneRange();
  before.selectNodeContents(section);
  before.setEnd(range.startContainer, range.startOffset);
  const after = range.cloneRange();
  after.selectNodeContents(section);
  after.setStart(range.endContainer, range.endOffset);
  return { form, suggest: forms.querySelector(".review-suggest-form form"), quote, prefix: currentText(before).slice(-CONTEXT), suffix: currentText(after).slice(0, CONTEXT), range };
};

const noteButton = document.createElement("button");
noteButton.type = "button";
noteButton.className = "button button-small";
noteButton.textContent = "Add a note on this passage";
const suggestButton = noteButton.cloneNode();
suggestButton.textContent = "Suggest a change";
const passageTools = document.createElement("div");
passageTools.className = "review-note-button";
passageTools.hidden = true;
passageTools.append(noteButton, suggestButton);

const positionNoteButton = () => {
  const found = selectedPassage();
  passageTools.hidden = !found;
  if (!found) return;
  suggestButton.hidden = !found.suggest;
  const box = found.range.getBoundingClientRect();
  const frame = review.getBoundingClientRect();
  passageTools.style.insetBlockStart = `${box.bottom - frame.top + 8}px`;
  passageTools.style.insetInlineStart = `${Math.max(0, Math.min(box.left - frame.left, frame.width - passageTools.offsetWidth))}px`;
};

const openForm = (found, form, first) => {
  for (const name of ["quote", "prefix", "suffix"]) form.elements[name].value = found[name];
  form.closest("details").open = true;
  passageTools.hidden = true;
  form.elements[first].focus();
  form.scrollIntoView({ block: "center" });
};

const openNoteForm = () => {
  const found = selectedPassage();
  if (found) openForm(found, found.form, "body");
};

// The words to change are typed over: what differs is the suggestion.
const openSuggestForm = () => {
  const found = selectedPassage();
  if (!found?.suggest) return;
  found.suggest.elements.words.value = found.quote;
  openForm(found, found.suggest, "words");
  found.suggest.elements.words.select();
};

// Open the collapsed element that a link leads into, if there is one; ids are ASCII.
const openTarget = () => {
  const target = document.getElementById(location.hash.slice(1));
  for (let details = target?.closest("details:not([open])"); details; details = details.parentElement.closest("details:not([open])")) {
    details.open = true;
  }
  target?.scrollIntoView();
};

if (review) {
  review.classList.add("review--script");
  review.append(passageTools);
  review.addEventListener("submit", submitForm);
  review.addEventListener("change", saveChecklist);
  document.addEventListener("selectionchange", positionNoteButton);
  passageTools.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the selection
  noteButton.addEventListener("click", openNoteForm);
  suggestButton.addEventListener("click", openSuggestForm);
  addEventListener("hashchange", openTarget);
  openTarget();
}
