/* Saves any table or chart of the page as a file: a click on a button with `data-save` (csv or png) inside a `data-sheet`.
   In: what each sheet's name stands for: `sheet()` gives its rows, and for a chart `picture()` its image. Out: a download, or words why not. */

import { csvOf, fileName } from "./csv.js";
import { chartCanvas, sheetCanvas } from "./sheet-picture.js";
import { text } from "../elements/write.js";

/* `sources`: {name: {sheet, picture?}}; `scene()`: {board, boardTitle, now_ms, zone, words}, of this moment; `said`: where a result is told. */
export function offerSaving(root, sources, scene, said) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-save]");
    if (button === null) return;
    const source = sources[button.closest("[data-sheet]").dataset.sheet];
    button.setAttribute("aria-busy", "true");
    save(source, button.dataset.save, scene())
      .then((name) => text(said, "Saved: " + name), (error) => text(said, "Not saved: " + error.message))
      .then(() => button.removeAttribute("aria-busy"));
  });
}

async function save(source, kind, scene) {
  const sheet = source.sheet();
  if (sheet === null) throw new Error("there are no numbers yet.");
  const name = fileName(scene.board, sheet.name, scene.now_ms, scene.zone) + "." + kind;
  if (kind === "csv") download(new Blob([csvOf(sheet)], { type: "text/csv;charset=utf-8" }), name);
  else download(await pngOf(await drawn(source, sheet, scene)), name);
  return name;
}

async function drawn(source, sheet, scene) {
  const inks = inksOf(document.body);
  const heading = { title: sheet.title, note: scene.boardTitle + " · " + scene.words };
  if (!source.picture) return sheetCanvas(sheet, heading, inks);
  const { address, width, height, legend } = await source.picture();
  return chartCanvas(await imageOf(address), width, height, heading, legend, inks);
}

export function inksOf(node) {
  const style = getComputedStyle(node);
  const ink = (name) => style.getPropertyValue(name).trim();
  return { text: ink("--text"), note: ink("--text-2"), line: ink("--line"), surface: ink("--tile") };
}

function imageOf(address) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("the chart could not be drawn."));
    image.src = address;
  });
}

function pngOf(canvas) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error("this browser could not make a picture so large.")) : resolve(blob)), "image/png");
  });
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
