/* The pages about rules, recipients and quiet times. They work without this file; it spares reloads.

   In: the server's HTML alone. A try of a rule on the past asks the address its button names and puts the answer's page in place. */

import "./elements/past-chart.js";
import "./elements/scope-field.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button === null) return;
  if (button.id === "theme") window.queuelightTheme.toggle();
  if (button.dataset.try !== undefined && button.form.checkValidity()) {
    event.preventDefault();
    ask(button);
  }
});

/* Enter in these fields means the button beside them, not the form's Save. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !["per_week", "days"].includes(event.target.id)) return;
  event.preventDefault();
  event.target.closest(".try").querySelector("button").click();
});

async function ask(button) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(button.formAction, { method: "POST", body: new FormData(button.form), credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("main");
    if (fresh === null || page.getElementById("rule-form") === null) throw new Error("not the form");
    document.querySelector("main").replaceWith(document.adoptNode(fresh));
    const wrong = fresh.querySelector(".field.wrong input, .field.wrong select");
    (wrong || fresh.querySelector("#result")).focus();
  } catch (error) {
    // A login that has ended, a server that is away: the browser's own way shows what it is.
    console.warn("Queuelight: asked the ordinary way:", error.message);
    button.removeAttribute("data-try");
    button.form.requestSubmit(button);
  }
}
