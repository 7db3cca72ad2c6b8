/* Finding a problem by words of its subject: a field that offers what Zendesk finds. A combobox as screen readers know it.

   In: the field, an address that answers {problems: [{id, subject, status}]} to ?text=. Out: the chosen number in the field. A number that
   somebody types is left alone. What was found is shown as text, never as markup. */

const AFTER_MS = 300;

export function attach(field, address) {
  const list = document.createElement("ul");
  list.className = "found-problems";
  list.id = field.id + "-found";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Problems found");
  const heard = document.createElement("p");
  heard.className = "visually-hidden";
  heard.setAttribute("role", "status");
  field.after(list, heard);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", list.id);
  let timer = 0;
  let asked = 0;
  let at = -1;

  function close() {
    list.hidden = true;
    at = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function show(problems, nothing) {
    list.replaceChildren(...problems.map((each, place) => {
      const item = document.createElement("li");
      item.id = list.id + "-" + place;
      item.dir = "auto";
      item.dataset.id = each.id;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = "#" + each.id + " " + each.subject + " (" + each.status + ")";
      return item;
    }));
    at = -1;
    heard.textContent = problems.length ? problems.length + " found; arrow down chooses." : nothing;
    list.hidden = problems.length === 0;
    field.setAttribute("aria-expanded", String(problems.length > 0));
    field.removeAttribute("aria-activedescendant");
    note(problems.length ? "" : nothing);
  }

  function note(text) {
    const help = document.getElementById("problem-help");
    if (help === null) return;
    if (help.dataset.usual === undefined) help.dataset.usual = help.textContent;
    help.textContent = text || help.dataset.usual;
  }

  function move(by) {
    const items = list.children;
    if (at >= 0) items[at].setAttribute("aria-selected", "false");
    at = (at + by + items.length) % items.length;
    items[at].setAttribute("aria-selected", "true");
    items[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", items[at].id);
  }

  function take(item) {
    field.value = item.dataset.id;
    note(item.textContent);
    close();
  }

  async function ask(text) {
    const turn = ++asked;
    try {
      const asking = { credentials: "same-origin", headers: { Accept: "application/json" } };
      const answer = await fetch(address + "?text=" + encodeURIComponent(text), asking);
      const found = await answer.json();
      if (turn !== asked) return;
      if (answer.ok) show(found.problems, "No problem's subject holds these words.");
      else show([], found.message);
    } catch (error) {
      if (turn === asked) show([], "Problems cannot be searched just now.");
      console.warn("Queuelight: problems were not searched:", error.message);
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    asked += 1;                          // an answer that is still on its way is of no use any more
    const text = field.value.trim();
    if (text.length < 2 || /^#?\d+$/.test(text) || text.toLowerCase() === "none") {
      close();
      note("");
      return;
    }
    timer = setTimeout(() => ask(text), AFTER_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      move(event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1);
      event.preventDefault();
    } else if (event.key === "Enter" && at >= 0) {
      take(list.children[at]);
      event.preventDefault();
    } else if (event.key === "Escape") {
      close();
      event.preventDefault();
    }
  });
  field.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => {
    const item = event.target.closest("li");
    event.preventDefault();              // the field keeps the focus
    if (item !== null) take(item);
  });
}
