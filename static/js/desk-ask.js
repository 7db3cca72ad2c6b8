/* The page that asks once: the button is pressed once. The server would take a second press for the same act all the same. */

import { sent } from "./tickets/draft.js";

const form = document.getElementById("ask");

form.addEventListener("submit", (event) => {
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  sent(form);
  form.querySelector("button").setAttribute("aria-busy", "true");
});

// "Back" may bring the page as it was left.
window.addEventListener("pageshow", () => { delete form.dataset.sent; });
