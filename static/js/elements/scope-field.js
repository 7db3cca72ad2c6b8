/* <ql-scope>: the field of a rule's or a board's lines or groups, offering those whose names are known. A combobox as screen readers know it; several are
   written one after another, with commas.

   In: its input, the JSON of #scope-names (incidents/scope_field.py), and data-which, "lines" or "groups", or data-metric, where the metric that is
   chosen there decides: it is of lines, of groups, or of neither. Out: the text of the field alone. A number or a name that nobody knows is left as it was typed: the server reads it. */

const MOST_SHOWN = 50;
const LABELS = { groups: "Groups", lines: "Phone lines" };

class QlScope extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input");
    this.metric = document.getElementById(this.dataset.metric || "");
    this.known = JSON.parse(document.getElementById("scope-names").textContent);
    this.at = -1;
    this.list = document.createElement("ul");
    this.list.className = "scope-list";
    this.list.id = this.field.id + "-known";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.heard = document.createElement("p");
    this.heard.className = "visually-hidden";
    this.heard.setAttribute("role", "status");
    this.field.after(this.list, this.heard);
    this.field.setAttribute("role", "combobox");
    this.field.setAttribute("aria-autocomplete", "list");
    this.field.setAttribute("aria-expanded", "false");
    this.field.setAttribute("aria-controls", this.list.id);
    this.field.addEventListener("input", () => this.offer());
    this.field.addEventListener("click", () => this.offer());
    this.field.addEventListener("blur", () => this.close());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();                // the field keeps the focus
      const item = event.target.closest("li");
      if (item !== null) this.take(item);
    });
  }

  /* What may be chosen for this metric, without those that stand in the field already. */
  offered() {
    if (this.metric === null) {
      this.which = this.dataset.which;
    } else {
      this.which = this.known.of_groups.includes(this.metric.value) ? "groups" : "lines";
      if (this.known.of_neither.includes(this.metric.value)) return [];
    }
    const [typed, before] = this.typed();
    const chosen = new Set(before.map(plain));
    const wanted = plain(typed);
    const found = this.known[this.which].filter(({ id, text }) => !chosen.has(plain(text)) && (plain(text).includes(wanted) || id.startsWith(wanted)));
    return found.slice(0, MOST_SHOWN);
  }

  /* [what is being written, the ones before it] */
  typed() {
    const parts = this.field.value.split(",").map((part) => part.trim());
    return [parts[parts.length - 1], parts.slice(0, -1).filter((part) => part !== "")];
  }

  offer() {
    const found = this.offered();
    this.at = -1;
    this.list.setAttribute("aria-label", LABELS[this.which] || "");
    this.list.replaceChildren(...found.map(({ id, text }, place) => {
      const name = document.createElement("bdi");
      name.textContent = text;
      const number = document.createElement("small");
      number.textContent = id;
      const item = document.createElement("li");
      item.id = this.list.id + "-" + place;
      item.dataset.text = text;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.append(name, number);
      return item;
    }));
    this.list.hidden = found.length === 0;
    this.field.setAttribute("aria-expanded", String(found.length > 0));
    this.field.removeAttribute("aria-activedescendant");
    this.heard.textContent = found.length > 0 ? found.length + (found.length === 1 ? " name; " : " names; ") + "arrow down chooses." : "";
  }

  close() {
    this.list.hidden = true;
    this.at = -1;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
    this.heard.textContent = "";
  }

  key(event) {
    const items = this.list.children;
    if (this.list.hidden) {
      if (event.key !== "ArrowDown") return;
      this.offer();
    } else if (event.key === "Enter" && this.at >= 0) this.take(items[this.at]);
    else if (event.key === "Escape") this.close();
    else if (event.key === "ArrowDown") this.move(1);
    else if (event.key === "ArrowUp") this.move(this.at < 0 ? 0 : -1);
    else return;
    event.preventDefault();
  }

  move(by) {
    const items = this.list.children;
    if (this.at >= 0) items[this.at].setAttribute("aria-selected", "false");
    this.at = (this.at + by + items.length) % items.length;
    const item = items[this.at];
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", item.id);
  }

  take(item) {
    const [, before] = this.typed();
    this.field.value = [...before, item.dataset.text].join(", ") + ", ";
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
    this.close();
  }
}

function plain(text) {
  return text.trim().toLowerCase();
}

customElements.define("ql-scope", QlScope);
