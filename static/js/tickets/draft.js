/* What somebody has typed into a form about tickets, kept in this tab until it was done: over "Cancel", "Back", a login, or a server that is
   away.

   In: forms with data-draft, their fields. Out: the same fields filled again, and a line that says so. A draft is of one form and its tickets;
   it goes when the change was made. Sends nothing. */

const PREFIX = "queuelight-draft ";
const SENT = "queuelight-draft-sent";

function keyOf(form) {
  const ids = [...form.querySelectorAll("input[type=hidden][name=id]")].map((field) => field.value).sort();
  return PREFIX + form.dataset.draft + " " + ids.join(",");
}

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && field.matches("textarea, select, input:not([type=hidden])"));
}

function save(form) {
  const values = fieldsOf(form).filter((field) => field.value !== "").map((field) => [field.name, field.value]);
  sessionStorage.setItem(keyOf(form), JSON.stringify(values));
}

function noteOf(form) {
  const note = document.createElement("p");
  note.className = "help draft";
  note.setAttribute("role", "status");
  note.textContent = "What you typed before is still here. ";
  const clear = document.createElement("button");
  clear.type = "button";
  clear.className = "btn small";
  clear.textContent = "Clear it";
  clear.addEventListener("click", () => {
    sessionStorage.removeItem(keyOf(form));
    form.reset();
    note.remove();
    fieldsOf(form)[0].focus();
  });
  note.append(clear);
  return note;
}

/* Fills the form with its draft, unless the server has filled it, and keeps what is typed from now on. */
export function keep(form) {
  const known = sessionStorage.getItem(keyOf(form));
  const isFilled = fieldsOf(form).some((field) => field.matches("textarea, input") && field.value !== "");
  if (known !== null && !isFilled) {
    const values = new Map(JSON.parse(known));
    const usual = JSON.stringify(fieldsOf(form).map((field) => field.value));
    for (const field of fieldsOf(form)) {
      const value = values.get(field.name);
      const isThere = !field.matches("select") || [...field.options].some((option) => option.value === value);
      if (value !== undefined && isThere) field.value = value;
    }
    if (JSON.stringify(fieldsOf(form).map((field) => field.value)) !== usual) {
      form.querySelector("fieldset").prepend(noteOf(form));
      if (form.parentElement.matches("details")) form.parentElement.open = true;
    }
  }
  for (const happened of ["input", "change"]) form.addEventListener(happened, () => save(form));
}

/* The question about this form's tickets was answered with yes. */
export function sent(form) {
  const ids = keyOf(form).split(" ").pop();
  sessionStorage.setItem(SENT, ids);
}

/* The change was made, or is under way: what was sent is no draft any more. */
export function forgetSent() {
  const ids = sessionStorage.getItem(SENT);
  if (ids === null) return;
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX) && key.endsWith(" " + ids)) sessionStorage.removeItem(key);
  sessionStorage.removeItem(SENT);
}
