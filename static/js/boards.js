/* A board's settings. The page works without this file; it offers only the names that go with the audience.

   In: data-names of each audience. Out: the choices of “Names of agents”. The server checks what is sent. */

import "./elements/scope-field.js";

const names = document.getElementById("id_names");
const everything = names ? [...names.options] : [];

function offer(chosenByHand) {
  const audience = document.querySelector("[name=profile]:checked");
  if (audience === null || names === null) return;
  const allowed = audience.closest("label").dataset.names.split(" ");
  const kept = names.value;
  names.replaceChildren(...allowed.map((name) => everything.find((option) => option.value === name)));
  names.value = allowed.includes(kept) && !chosenByHand ? kept : allowed[0];
}

document.addEventListener("change", (event) => {
  if (event.target.name === "profile") offer(true);
});
if (document.querySelector(".field.wrong #id_names") === null) offer(false);
