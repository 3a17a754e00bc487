// What is kept of a form, and how it is put back. Never passwords, codes, tokens or files.
keptText.fields = (() => {
  const NEVER = /(^|[-_])(password\d*|code|otp|token|secret)$|csrf|sha256|^signer$|^next$|^kept[-_]text|^comments-/i;
  // Change with each save, without anything typed.
  const NOT_WORDS = /(^|-)(id|TOTAL_FORMS|INITIAL_FORMS)$|^loaded_revision_|^overwrite_revision_id$|^state$/;
  const TYPED = "textarea, select, input:is(:not([type]), [type=text], [type=search], [type=url], [type=email], [type=tel], [type=number], [type=date], [type=time], [type=datetime-local], [type=radio], [type=checkbox])";

  const isEditor = (form) => form.id === "page-edit-form";
  // Put back by the server, which renders the form anew from what is posted.
  const isPosted = (form) => isEditor(form) || "keptPost" in form.dataset;
  const extra = (form) => (form.dataset.keptHidden || "").split(" ").filter(Boolean);
  const isSecret = (control) => NEVER.test(control.name) || control.type === "password" || /password|one-time-code/.test(control.autocomplete || "");

  const typedControls = (form) =>
    [...form.elements].filter((each) => each.name && !isSecret(each) && !each.readOnly && (each.matches(TYPED) || extra(form).includes(each.name)));
  const boxes = (form) => [...form.querySelectorAll("[data-editor-field]")];

  /** Whether any words can be typed in the form. */
  const canBeKept = (form) => {
    const action = new URL(form.action, location.href);
    if (form.method !== "post" || action.origin !== location.origin || form.closest("dialog.kept-dialog") || "parts" in form.dataset || "notKept" in form.dataset) return false;
    return isPosted(form) || typedControls(form).some((each) => !/radio|checkbox/.test(each.type));
  };

  const label = (control) => control.labels?.[0]?.textContent.trim() || control.name.replaceAll("_", " ");

  /** Return the form's values: [name, value, label], in order. */
  const read = (form) => {
    if (isPosted(form)) {
      const values = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NEVER.test(name));
      const own = boxes(form).filter((box) => box.value).map((box) => [`box:${box.dataset.editorKey}`, box.value, box.labels?.[0]?.textContent.trim() || ""]);
      return [...values.map(([name, value]) => [name, value, ""]), ...own];
    }
    return typedControls(form)
      .filter((each) => !/radio|checkbox/.test(each.type) || each.checked)
      .map((each) => [each.name, each.value, label(each)]);
  };
  /** Return what tells whether two readings say the same. */
  const signature = (values) => JSON.stringify(values.filter(([name]) => !NOT_WORDS.test(name)).map(([name, value]) => [name, value]));

  /** Fill in kept values; for a form that the server renders anew, only the boxes beside the text. */
  const write = (form, values) => {
    if (isPosted(form)) {
      for (const box of boxes(form)) {
        const kept = values.find(([name]) => name === `box:${box.dataset.editorKey}`);
        if (kept && !box.value) box.value = kept[1];
      }
      return;
    }
    const left = values.map(([name, value]) => ({ name, value }));
    for (const control of typedControls(form)) {
      const at = left.findIndex((each) => each.name === control.name && (!/radio|checkbox/.test(control.type) || each.value === control.value));
      if (/radio|checkbox/.test(control.type)) control.checked = at >= 0;
      else if (at >= 0) control.value = left[at].value;
      if (at >= 0) left.splice(at, 1);
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  /** Return a name for the form that it has on the next load, too. */
  const nameOf = (form) => {
    if (form.dataset.keptAs) return form.dataset.keptAs;
    const path = (each) => new URL(each.action, location.href).pathname;
    const alike = [...document.forms].filter((each) => path(each) === path(form));
    return isEditor(form) ? "page-edit-form" : `${path(form)}#${alike.indexOf(form)}`;
  };

  return { isEditor, isPosted, canBeKept, read, signature, write, nameOf, boxes };
})();
