/* <ql-incidents>: the open incidents on the supervisor's page, the worst first; one click acknowledges.

   In: a picture (board.js); `data-act` where this person may act, with `data-token` for the form's check. Out: rows, none where nothing is
   wrong. What a click did is said in its row: at once when the server has taken it, and why when it has not. */

import { lasted, snoozed, taken } from "../live/alarm.js";
import { attribute, choose, element, flag, icon, text } from "./write.js";

const SHOWN = 3;
const TRY_AGAIN_MS = 10000;
const WORDS = { critical: "Critical", warning: "Warning" };

/* The open incidents of a frame, those about dark screens after those of the floor. */
function openOn(frame) {
  return frame ? [...(frame.incidents || []), ...(frame.dark_screens || [])] : [];
}

class QlIncidents extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("ol");
    this.more = this.querySelector(".more");
    this.said = this.querySelector("[role=status]");
    this.known = new Map();
  }

  draw(picture) {
    const incidents = openOn(picture.frame);
    const shown = incidents.slice(0, SHOWN);
    for (const [id, row] of this.known) {
      if (!shown.some((each) => each.id === id)) {
        row.node.remove();
        this.known.delete(id);
      }
    }
    shown.forEach((incident, index) => {
      const row = this.row(incident.id);
      fill(row, incident, picture);
      if (this.list.children[index] !== row.node) this.list.insertBefore(row.node, this.list.children[index] || null);
    });
    text(this.more, incidents.length > SHOWN ? "and " + (incidents.length - SHOWN) + " more" : "");
    // Without values, which change every second: a screen reader is told of what opens and ends.
    const one = incidents[0];
    text(this.said, one ? incidents.length + " open: " + one.severity + ", " + (one.about || one.text) : "");
    attribute(this, "hidden", incidents.length ? null : "");
  }

  row(id) {
    let row = this.known.get(id);
    if (row !== undefined) return row;
    row = {
      sign: element("i"), word: element("b", "word"), what: element("a", "what"), since: element("span", "since num"), whose: element("span", "whose"),
      problem: element("span", "problem"), button: null, answer: null,
    };
    row.what.href = this.dataset.list + id + "/";
    row.what.dir = row.whose.dir = "auto";
    row.problem.setAttribute("role", "alert");
    row.node = element("li", "", row.sign, row.word, row.what, row.since, row.whose, row.problem);
    if (this.dataset.act !== undefined) {
      row.button = element("button", "btn main small");
      row.button.type = "button";
      text(row.button, "Acknowledge");
      row.button.addEventListener("click", () => acknowledge(row, this.dataset.list + id + "/acknowledge/", this.dataset.token || ""));
      row.node.append(row.button);
    }
    this.known.set(id, row);
    return row;
  }
}

function fill(row, incident, picture) {
  row.isTaken = incident.acknowledged_by !== undefined || incident.state === "acknowledged";
  if (row.isTaken) row.answer = null;
  row.isQuiet = incident.state !== "open" || snoozed(incident, picture.now_ms);
  choose(row.node, ["is-warning", "is-critical"], picture.live ? "is-" + incident.severity : null);
  icon(row.sign, incident.severity in WORDS ? incident.severity : "warning");
  text(row.word, WORDS[incident.severity] || "");
  text(row.what, incident.text);
  text(row.since, picture.live && incident.state !== "recovering" ? "for " + lasted(incident, picture.now_ms) : "");
  row.taken = taken(incident, picture.now_ms);
  show(row);
}

/* What the frame says, or, until it does, what the server has answered to the click. */
function show(row) {
  const isFree = !row.isTaken && row.answer === null;
  text(row.whose, row.answer === null ? row.taken : row.answer);
  flag(row.node, "is-quiet", row.isQuiet || row.answer !== null);
  if (row.isTaken) text(row.problem, "");
  if (row.button === null) return;
  // The button goes; whoever pressed it by keyboard must not be thrown to the page's beginning.
  if (!isFree && document.activeElement === row.button) row.what.focus();
  attribute(row.button, "hidden", isFree ? null : "");
}

/* A second click while the first is on its way is none; the server would take it for none as well. */
function acknowledge(row, address, token) {
  if (row.button.getAttribute("aria-busy") === "true") return;
  row.button.setAttribute("aria-busy", "true");
  text(row.problem, "");
  const body = new URLSearchParams({ csrfmiddlewaretoken: token });
  const request = { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } };
  fetch(address, request).then((answer) => {
    if (answer.ok && !answer.redirected) return answer.json();
    const lost = answer.redirected || answer.status === 401 || answer.status === 403;
    throw new Error(lost ? "You are logged out, or may not do this: load the page again." : "The server answered with an error (" + answer.status + ").");
  }).then((answer) => {
    row.answer = answer.message;
    // Should the frame never say so (given back in the same moment), the button comes again.
    setTimeout(() => { row.answer = null; }, TRY_AGAIN_MS);
  }).catch((error) => {
    text(row.problem, "Not acknowledged. " + (error instanceof TypeError ? "The server did not answer." : error.message));
  }).then(() => {
    row.button.removeAttribute("aria-busy");
    show(row);
  });
}

customElements.define("ql-incidents", QlIncidents);
