// Marks and ticks without leaving the place one reads at, and notes on words that were selected.
// Everything here also works without this script: the same forms are posted, and the page comes back.
const review = document.querySelector(".review");
const CONTEXT = 64; // characters kept of the words before and after a passage

const say = (form, words) => {
  let line = form.querySelector(".review-field__error");
  if (!line) {
    line = document.createElement("p");
    line.className = "review-field__error";
    line.setAttribute("role", "alert");
    form.append(line);
  }
  line.textContent = words;
};

const replaceParts = (html) => {
  const parts = new DOMParser().parseFromString(html, "text/html").body.children;
  for (const part of [...parts]) document.getElementById(part.id)?.replaceWith(part);
};

// One at a time, in the order of the hand: a checklist is sent whole, and an older one must not come last.
let before = Promise.resolve();
const send = (form, submitter) => {
  const sent = before.then(() => sendNow(form, submitter));
  before = sent;
  return sent;
};

const sendNow = async (form, submitter) => {
  const body = new FormData(form);
  if (submitter?.name) body.append(submitter.name, submitter.value);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Parts": "1" } });
    const words = await answer.text();
    if (answer.redirected) location.reload(); // signed out meanwhile: the sign-in form is on its way
    else if (answer.ok) replaceParts(words);
    else if (answer.status === 403 && answer.headers.get("Content-Type").startsWith("text/plain")) say(form, words);
    else say(form, "That did not work. Reload the page and try again.");
    return answer.ok;
  } catch {
    say(form, "There is no connection. Nothing was kept; try again.");
    return false;
  }
};

const press = async (event) => {
  const form = event.target.closest("form[data-parts]");
  if (!form) return;
  event.preventDefault();
  const hadFocus = form.contains(document.activeElement);
  const done = await send(form, event.submitter);
  if (done && hadFocus) document.getElementById(form.id)?.querySelector("button")?.focus();
};

const tick = async (event) => {
  const form = event.target.closest('form[data-parts="change"]');
  if (!form) return;
  if (!(await send(form))) event.target.checked = !event.target.checked;
};

// What was struck is on the screen beside what stands; a note is on what stands.
const wordsOf = (range) => {
  const words = range.cloneContents();
  for (const struck of words.querySelectorAll("del, [data-not-text], .redline__line--deleted")) struck.remove();
  return words.textContent.replace(/\s+/g, " ");
};

const selected = () => {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const holder = range.commonAncestorContainer;
  const words = (holder.nodeType === Node.TEXT_NODE ? holder.parentElement : holder).closest("[data-words]");
  const form = words?.closest("[data-section]")?.querySelector(".review-noting form");
  const quote = wordsOf(range).trim();
  if (!form || !quote) return null;
  const before = range.cloneRange();
  before.selectNodeContents(words);
  before.setEnd(range.startContainer, range.startOffset);
  const after = range.cloneRange();
  after.selectNodeContents(words);
  after.setStart(range.endContainer, range.endOffset);
  return { form, quote, prefix: wordsOf(before).slice(-CONTEXT), suffix: wordsOf(after).slice(0, CONTEXT), range };
};

const offer = document.createElement("button");
offer.type = "button";
offer.className = "button button-small review-offer";
offer.textContent = "Note on these words";
offer.hidden = true;

const showOffer = () => {
  const found = selected();
  offer.hidden = !found;
  if (!found) return;
  const box = found.range.getBoundingClientRect();
  const frame = review.getBoundingClientRect();
  offer.style.insetBlockStart = `${box.bottom - frame.top + 8}px`;
  offer.style.insetInlineStart = `${Math.max(0, Math.min(box.left - frame.left, frame.width - 200))}px`;
};

const takeOffer = () => {
  const found = selected();
  if (!found) return;
  const { form } = found;
  for (const name of ["quote", "prefix", "suffix"]) form.elements[name].value = found[name];
  form.closest("details").open = true;
  offer.hidden = true;
  form.elements.body.focus();
  form.scrollIntoView({ block: "center" });
};

// A link to something folded away opens what it is folded into.
const unfold = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let fold = target?.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) {
    fold.open = true;
  }
  target?.scrollIntoView();
};

if (review) {
  review.classList.add("review--script");
  review.append(offer);
  review.addEventListener("submit", press);
  review.addEventListener("change", tick);
  document.addEventListener("selectionchange", showOffer);
  offer.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the selection
  offer.addEventListener("click", takeOffer);
  addEventListener("hashchange", unfold);
  unfold();
}
