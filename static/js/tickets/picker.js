/* Pickers of several values: sheets of boxes that unfold, as the server wrote them (details), easier to use.

   In: a form with them. Out: one sheet open at a time, closed by Escape and by a click beside it; arrows go from box to box; a field finds
   boxes by their names; what is chosen stands on the picker; the button says that something is not shown yet. Sends nothing by itself. */

const SAID_COUNT = 2;

function boxes(picker) {
  return [...picker.querySelectorAll("input[type=checkbox]")];
}

function chosenOf(form) {
  return JSON.stringify([...new FormData(form)].filter(([name]) => name !== ""));
}

function showChosen(picker) {
  const texts = boxes(picker).filter((box) => box.checked).map((box) => box.parentElement.querySelector("bdi").textContent);
  const said = picker.querySelector(".picker-said");
  const more = texts.length > SAID_COUNT ? " and " + (texts.length - SAID_COUNT) + " more" : "";
  said.textContent = texts.length ? texts.slice(0, SAID_COUNT).join(", ") + more : "all";
  said.classList.toggle("is-chosen", texts.length > 0);
}

function find(picker, text) {
  const wanted = text.trim().toLowerCase();
  for (const box of boxes(picker)) {
    const label = box.parentElement;
    label.hidden = !label.textContent.toLowerCase().includes(wanted);
  }
}

function move(picker, from, by) {
  const open = boxes(picker).filter((box) => !box.parentElement.hidden);
  const next = open[Math.max(0, Math.min(open.length - 1, open.indexOf(from) + by))];
  if (next !== undefined) next.focus();
}

export function pickers(form) {
  if (form === null) return;
  const all = [...form.querySelectorAll(".picker")];
  const shown = chosenOf(form);
  const button = form.querySelector("#show");
  for (const picker of all) {
    const field = picker.querySelector(".picker-find");
    if (field !== null) {
      field.hidden = false;
      field.addEventListener("input", () => find(picker, field.value));
    }
    picker.addEventListener("toggle", () => {
      if (!picker.open) return;
      for (const other of all) if (other !== picker) other.open = false;
      (field || boxes(picker)[0]).focus();
    });
    picker.addEventListener("change", () => {
      showChosen(picker);
      button.classList.toggle("main", chosenOf(form) !== shown);
    });
    picker.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && picker.open) {
        picker.open = false;
        picker.querySelector("summary").focus();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && picker.open) {
        move(picker, event.target, event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter" && event.target === field) {
        const first = boxes(picker).find((box) => !box.parentElement.hidden);
        if (first !== undefined) first.click();
      } else return;
      event.preventDefault();
    });
    showChosen(picker); // what the browser kept over "back"
  }
  document.addEventListener("click", (event) => {
    for (const picker of all) if (!picker.contains(event.target)) picker.open = false;
  });
}
