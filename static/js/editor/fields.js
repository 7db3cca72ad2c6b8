/* One field for each form of option that a kind may declare (dashboard/widgets/kind.py, Form).

   In:  the option, its value, the facts, `set(value, isDone)`. Out: a node with label, control, help and error. A value that cannot be is not
   set: the sentence beside the field says why, and the board keeps the last good one. */

import { icon, node } from "./dom.js";
import { limitsField } from "./limits.js";

let number = 0;

export function field(option, value, tools) {
  const made = MAKERS[option.form](option, value, tools, `option-${(number += 1)}`);
  made.dataset.option = option.name;
  return made;
}

function framed(option, id, ...controls) {
  const note = option.note ? node("p", { class: "help", text: option.note }) : null;
  const error = node("p", { class: "form-error", role: "alert", hidden: true });
  return node("div", { class: "field" }, node("label", { for: id, text: option.label }), ...controls, note, error);
}

export function complain(holder, sentence) {
  const place = holder.querySelector(".form-error");
  place.replaceChildren(...(sentence ? [icon("warning"), node("span", { text: sentence })] : []));
  place.hidden = !sentence;
  holder.classList.toggle("wrong", Boolean(sentence));
  for (const control of holder.querySelectorAll("input, select, textarea")) control.toggleAttribute("aria-invalid", Boolean(sentence));
}

function textField(option, value, { set }, id) {
  const tag = option.form === "lines" ? "textarea" : "input";
  // A moment of the board's own time zone, which is how the server keeps it.
  const type = /^(since|until)$/.test(option.name) ? "datetime-local" : "text";
  const kind = tag === "textarea" ? { rows: 4 } : { type };
  const control = node(tag, { id, dir: "auto", maxlength: option.most, autocomplete: "off", ...kind });
  control.value = value || "";
  control.addEventListener("input", () => set(control.value === "" && option.default === null ? undefined : control.value));
  return framed(option, id, control);
}

function wholeField(option, value, { set }, id) {
  const control = node("input", { id, inputmode: "numeric", class: "amount", autocomplete: "off" });
  control.value = value === undefined || value === null ? "" : String(value);
  const holder = framed(option, id, control);
  control.addEventListener("input", () => {
    const text = control.value.trim();
    const given = Number(text);
    if (text === "" && option.default === null) set(undefined);
    const fits = text === "" ? option.default === null : Number.isInteger(given) && given >= option.least && given <= option.most;
    complain(holder, fits ? "" : `Write a whole number from ${option.least} to ${option.most}.`);
    if (fits && text !== "") set(given);
  });
  return holder;
}

function flagField(option, value, { set }, id) {
  const control = node("input", { id, type: "checkbox" });
  control.checked = value === true;
  control.addEventListener("change", () => set(control.checked));
  return node("div", { class: "field flag" }, node("label", { for: id }, control, document.createTextNode(" " + option.label)));
}

function choiceField(option, value, { set }, id) {
  const control = node("select", { id }, ...option.choices.map(([, label], index) => node("option", { value: index, text: label })));
  control.selectedIndex = option.choices.findIndex(([choice]) => choice === value);
  control.addEventListener("change", () => set(option.choices[control.selectedIndex][0]));
  return framed(option, id, control);
}

const allowed = (option, facts) => (option.only || Object.keys(facts.metrics)).map((name) => facts.metrics[name]);

/* What a metric is called where one is chosen: a locked one says so. */
function named(metric, missing) {
  return metric.label + (missing.has(metric.name) ? " · not on this plan" : metric.professional ? " · Pro" : "");
}

/* The metric that is chosen, and behind it a list with a search: a catalogue is long, and mostly nobody wants to change it. */
function metricField(option, value, { set, facts, missing }, id) {
  const search = node("input", { type: "search", placeholder: "Search", "aria-label": `Search: ${option.label}`, autocomplete: "off" });
  const control = node("select", { id, size: 7, "aria-label": option.label });
  const about = node("p", { class: "help about" });
  const current = node("span", { class: "current" });
  const fill = () => {
    const wanted = search.value.trim().toLowerCase();
    const fits = (metric) => metric.name === value || `${metric.label} ${metric.name} ${metric.definition}`.toLowerCase().includes(wanted);
    const entry = (metric) => node("option", { value: metric.name, text: named(metric, missing()) });
    const groups = facts.feeds.map((feed) => {
      const found = allowed(option, facts).filter((metric) => metric.feed === feed.name && fits(metric));
      return found.length ? node("optgroup", { label: feed.label }, ...found.map(entry)) : null;
    });
    control.replaceChildren(...(option.required ? [] : [node("option", { value: "", text: "none" })]), ...groups.filter((group) => group !== null));
    const metric = facts.metrics[value];
    if (value && !metric) control.prepend(node("option", { value, text: `${value} · not there any more` }));
    control.value = value || "";
    about.textContent = metric ? `${metric.definition} ${metric.name}${metric.formula ? " = " + metric.formula : ""}` : "";
    current.textContent = metric ? named(metric, missing()) : value ? `${value} · not there any more` : "none";
  };
  search.addEventListener("input", fill);
  control.addEventListener("change", () => {
    value = control.value || undefined;
    fill();
    set(value);
  });
  fill();
  const summary = node("summary", {}, current, node("small", { text: "change" }));
  const picker = node("details", { class: "picker", open: option.required && !facts.metrics[value] }, summary, search, control);
  return node("div", { class: "field" }, node("p", { class: "label", text: option.label }), picker, about);
}

function metricsField(option, value, { set, facts, missing }, id) {
  const chosen = [...(value || [])];
  const holder = framed(option, id);
  const list = node("div", { id, class: "checks", role: "group", "aria-label": option.label });
  for (const metric of allowed(option, facts)) {
    const box = node("input", { type: "checkbox" });
    box.checked = chosen.includes(metric.name);
    box.addEventListener("change", () => {
      if (box.checked && chosen.length >= 12) {
        box.checked = false;
        complain(holder, "At most 12 rows.");
        return;
      }
      complain(holder, "");
      if (box.checked) chosen.push(metric.name);
      else chosen.splice(chosen.indexOf(metric.name), 1);
      set([...chosen]);
    });
    list.append(node("label", {}, box, document.createTextNode(" " + named(metric, missing()))));
  }
  const label = holder.querySelector("label");
  label.replaceWith(node("p", { class: "label", text: option.label }), list);
  return holder;
}

function imageField(option, value, { set, facts, upload }, id) {
  const file = node("input", { id, type: "file", accept: "image/png,image/jpeg,image/webp,image/gif" });
  const pictures = node("div", { class: "pictures", role: "radiogroup", "aria-label": option.label });
  const holder = framed({ ...option, label: "Upload a picture", note: "PNG, JPEG, WebP or GIF, up to 2 MB." }, id, file);
  const fill = () => pictures.replaceChildren(...facts.images.map((image) => {
    const radio = node("input", { type: "radio", name: `${id}-picture`, value: image.digest });
    radio.checked = image.digest === value;
    radio.addEventListener("change", () => {
      value = image.digest;
      set(value);
    });
    return node("label", { title: image.name }, radio, node("img", { src: `/images/${image.digest}/`, alt: image.name, loading: "lazy" }));
  }));
  file.addEventListener("change", async () => {
    if (!file.files.length) return;
    complain(holder, "");
    holder.setAttribute("aria-busy", "true");
    const answer = await upload(file.files[0]);
    holder.removeAttribute("aria-busy");
    if (answer.status !== 200) {
      complain(holder, answer.message || "The picture could not be sent; try again.");
      return;
    }
    facts.images = [answer, ...facts.images.filter((image) => image.digest !== answer.digest)];
    value = answer.digest;
    set(value);
    fill();
  });
  fill();
  holder.prepend(pictures);
  return holder;
}

const MAKERS = {
  metric: metricField, metrics: metricsField, threshold: limitsField, text: textField, lines: textField, choice: choiceField,
  flag: flagField, whole: wholeField, image: imageField,
};
