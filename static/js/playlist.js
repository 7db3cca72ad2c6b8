/* The rows of a playlist: moved, removed and added without asking the server, by the same buttons, and dragged with the mouse.

   In: the form. Out: the rows in another order; what is sent is what is seen. The page works without this file. */

const list = document.getElementById("lines");
const said = document.getElementById("moved");
let lifted = null;

function rows() {
  return Array.from(list.children);
}

/* Names and orders of the buttons follow the rows' places. */
function number() {
  rows().forEach((row, at) => {
    row.querySelector("select").setAttribute("aria-label", `Board ${at + 1}`);
    row.querySelector("label span").textContent = `Seconds of board ${at + 1}`;
    for (const button of row.querySelectorAll("button")) {
      const what = button.value.split("-")[0];
      button.value = `${what}-${at}`;
      button.setAttribute("aria-label", what === "remove" ? `Remove board ${at + 1}` : `Board ${at + 1} ${what}`);
    }
    row.draggable = true;
  });
}

function tell(row) {
  const chosen = row.querySelector("select").selectedOptions[0];
  said.textContent = `${chosen && chosen.value ? chosen.textContent : "Board"} is now number ${rows().indexOf(row) + 1} of ${rows().length}.`;
}

function add() {
  const first = rows()[0];
  if (!first) return false;              // nothing to copy: the server makes the row
  const row = first.cloneNode(true);
  row.classList.remove("wrong");
  row.querySelector("select").value = "";
  row.querySelector("input").value = "30";
  list.append(row);
  number();
  row.querySelector("select").focus();
  return true;
}

function act(button) {
  const [what] = button.value.split("-");
  if (what === "add") return add();
  const row = button.closest("li");
  if (what === "remove") {
    if (rows().length === 1) return false;
    const next = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    number();
    next.querySelector("button[value^=remove]").focus();
    said.textContent = "Removed.";
    return true;
  }
  if (what === "up" && row.previousElementSibling) row.previousElementSibling.before(row);
  if (what === "down" && row.nextElementSibling) row.nextElementSibling.after(row);
  number();
  button.focus();
  tell(row);
  return true;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=do]");
  if (button && act(button)) event.preventDefault();
});

list.addEventListener("dragstart", (event) => {
  lifted = event.target.closest("li");
  event.dataTransfer.effectAllowed = "move";
  lifted.classList.add("is-lifted");
});
list.addEventListener("dragover", (event) => {
  const over = event.target.closest("li");
  if (lifted === null || over === null) return;
  event.preventDefault();
  if (over === lifted) return;
  const box = over.getBoundingClientRect();
  if (event.clientY < box.top + box.height / 2) over.before(lifted);
  else over.after(lifted);
});
list.addEventListener("dragend", () => {
  lifted.classList.remove("is-lifted");
  number();
  tell(lifted);
  lifted = null;
});

number();
