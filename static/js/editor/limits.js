/* The limits of a tile: the catalogue's, or its own, each with a value to start and one to end, in clock form, percent or plain.

   In:  the option, its value (undefined: the catalogue's), the metric. Out: a node; `set` hears whole and sensible limits only. */

import { amount, HINTS, leaveFor, limitsProblem, parse } from "./amounts.js";
import { icon, node } from "./dom.js";

const ROWS = [["warning", "Warning"], ["critical", "Critical"]];

export function limitsField(option, value, { set, metric }, id) {
  const known = metric();
  if (!known) return node("p", { class: "help", text: "Choose a metric first; then its limits." });
  const { unit, higher_is_worse: isUp } = known;
  const given = value || known.threshold || null;
  const inputs = {};
  const own = node("input", { type: "checkbox", id: `${id}-own` });
  own.checked = value !== undefined && value !== null;
  const error = node("p", { class: "form-error", role: "alert", hidden: true });
  const body = node("div", { class: "limits", hidden: !own.checked });
  const said = (name) => amount(known.threshold[name], unit);
  const usual = known.threshold
    ? `Usually: target ${said("target")}, warning from ${said("warning_enter")}, critical from ${said("critical_enter")}.`
    : "Without limits of its own, this number has no colour.";
  const starts = isUp ? "starts at" : "starts at or below", ends = isUp ? "ends at or below" : "ends at or above";
  body.append(pair([["target", isUp ? "Target ≤" : "Target ≥"]]));
  for (const [severity, label] of ROWS) {
    body.append(node("h3", { class: `severity ${severity}` }, icon(severity), node("span", { text: label })));
    body.append(pair([[`${severity}_enter`, starts], [`${severity}_leave`, ends]], severity));
  }
  own.addEventListener("change", () => {
    body.hidden = !own.checked;
    say("");
    if (!own.checked) set(undefined);
    else read();
  });

  function pair(fields, severity = "") {
    return node("div", { class: "row" }, ...fields.map(([name, label]) => {
      const spoken = severity ? `${severity} ${label}` : null;
      const input = node("input", { id: `${id}-${name}`, class: "amount", autocomplete: "off", "aria-label": spoken });
      input.value = given ? amount(given[name], unit) : "";
      inputs[name] = input;
      input.addEventListener("change", () => {
        fillLeave(name);
        read();
      });
      return node("div", {}, node("label", { for: input.id, text: label }), input);
    }));
  }

  /* Somebody wrote where it starts: where it ends follows, unless it was written too. */
  function fillLeave(name) {
    const leave = inputs[name.replace("_enter", "_leave")];
    if (!name.endsWith("_enter")) return;
    try {
      const enter = parse(inputs[name].value, unit);
      const ended = leave.value.trim() === "" ? null : parse(leave.value, unit);
      if (ended === null || (isUp ? ended > enter : ended < enter)) leave.value = amount(leaveFor(enter, unit, isUp), unit);
    } catch (wrong) {
      return;                    // read() says what is wrong with it
    }
  }

  function read() {
    const limits = {};
    for (const [name, input] of Object.entries(inputs)) {
      input.removeAttribute("aria-invalid");
      try {
        if (name === "target" && input.value.trim() === "") limits.target = limits.warning_enter;
        else limits[name] = parse(input.value, unit);
      } catch (wrong) {
        input.setAttribute("aria-invalid", "true");
        say(input.value.trim() === "" ? `Write ${HINTS[unit]} in each of the four fields.` : wrong.message);
        return;
      }
    }
    if (limits.target === undefined) limits.target = limits.warning_enter;
    const problem = limitsProblem(limits, isUp);
    say(problem || "");
    if (!problem) set(limits);
  }

  function say(sentence) {
    error.replaceChildren(...(sentence ? [icon("warning"), node("span", { text: sentence })] : []));
    error.hidden = !sentence;
  }

  return node("fieldset", { class: "field own-limits" }, node("legend", { text: option.label }),
    node("label", { class: "flag", for: own.id }, own, document.createTextNode(" Limits of its own")),
    node("p", { class: "help", text: usual }), body, error);
}
