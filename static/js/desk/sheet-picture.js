/* A sheet or a chart as a picture, drawn on a canvas: what somebody pastes into a message or a report. In: a sheet (sheets.js), or a
   chart's picture, a heading, the inks of the page. Out: a canvas. Nothing is loaded from anywhere. */

const FONT = "Inter, system-ui, sans-serif";
const ROW_PX = 26;
const HEAD_PX = 64;
const FOOT_PX = 16;
const PAD_PX = 12;
const WIDEST_PX = 360;
// Beyond this many rows the picture is drawn at one pixel a point: a canvas has an end.
const SHARP_ROWS = 300;
const MOST_ROWS = 1200;

/* `heading`: {title, note}. */
export function sheetCanvas(sheet, heading, inks) {
  const rows = sheet.rows.slice(0, MOST_ROWS).map((row) => row.map(textOf));
  const left = sheet.rows.length - rows.length;
  const scale = rows.length > SHARP_ROWS ? 1 : 2;
  const measure = document.createElement("canvas").getContext("2d");
  const widths = sheet.columns.map((column, index) => {
    measure.font = "600 12px " + FONT;
    const head = measure.measureText(column.label).width;
    measure.font = "450 13px " + FONT;
    const needed = rows.reduce((most, row) => Math.max(most, measure.measureText(row[index]).width), head);
    return Math.ceil(Math.min(column.wide ? WIDEST_PX * 1.6 : WIDEST_PX, needed)) + 2 * PAD_PX;
  });
  const width = Math.max(420, widths.reduce((sum, each) => sum + each, 0) + 2 * PAD_PX);
  const height = HEAD_PX + ROW_PX * (rows.length + 1 + (left > 0 || rows.length === 0 ? 1 : 0)) + FOOT_PX;
  const { canvas, pen } = canvasOf(width, height, scale, heading, inks);
  line(pen, sheet.columns.map((column) => column.label), sheet.columns, widths, HEAD_PX, { font: "600 12px " + FONT, ink: inks.note });
  rows.forEach((row, number) => {
    const top = HEAD_PX + ROW_PX * (number + 1);
    pen.fillStyle = inks.line;
    pen.fillRect(PAD_PX, top, width - 2 * PAD_PX, 1);
    line(pen, row, sheet.columns, widths, top, { font: "450 13px " + FONT, ink: inks.text });
  });
  const last = HEAD_PX + ROW_PX * (rows.length + 1) + ROW_PX / 2 + 4;
  pen.fillStyle = inks.note;
  pen.textAlign = "left";
  if (rows.length === 0) pen.fillText("Nothing to show.", 2 * PAD_PX, last);
  else if (left > 0) pen.fillText("and " + left + " more rows, which the CSV file has", 2 * PAD_PX, last);
  return canvas;
}

/* `picture`: an image of the chart, `width` by `height` points; `legend`: [{mark: line | dashes | bar | stripes | hatch, words, ink}]. */
export function chartCanvas(picture, width, height, heading, legend, inks) {
  const { canvas, pen } = canvasOf(width + 2 * PAD_PX, height + HEAD_PX + 36, 2, heading, inks);
  pen.drawImage(picture, PAD_PX, HEAD_PX, width, height);
  let x = 2 * PAD_PX;
  const y = HEAD_PX + height + 18;
  for (const { mark, words, ink } of legend) {
    pen.strokeStyle = pen.fillStyle = ink;
    pen.lineWidth = 2;
    if (mark === "bar") pen.fillRect(x, y - 5, 16, 10);
    else if (mark === "stripes" || mark === "hatch") {
      pen.lineWidth = 1;
      pen.strokeRect(x + .5, y - 5.5, 16, 10);
      pen.beginPath();
      for (let part = 0; part < 4; part += 1) { pen.moveTo(x + part * 4, y + 5); pen.lineTo(x + part * 4 + 5, y - 5); }
      pen.stroke();
    } else {
      pen.setLineDash(mark === "dashes" ? [4, 3] : []);
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(x + 16, y);
      pen.stroke();
      pen.setLineDash([]);
    }
    pen.fillStyle = inks.note;
    pen.font = "450 12px " + FONT;
    pen.fillText(words, x + 22, y + 4);
    x += 22 + pen.measureText(words).width + 18;
  }
  return canvas;
}

function canvasOf(width, height, scale, heading, inks) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.fillStyle = inks.surface;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = inks.text;
  pen.font = "640 17px " + FONT;
  pen.fillText(cut(pen, heading.title, width - 4 * PAD_PX), 2 * PAD_PX, 28);
  pen.fillStyle = inks.note;
  pen.font = "450 12px " + FONT;
  pen.fillText(cut(pen, heading.note, width - 4 * PAD_PX), 2 * PAD_PX, 48);
  return { canvas, pen };
}

function line(pen, texts, columns, widths, top, { font, ink }) {
  let x = PAD_PX;
  pen.font = font;
  pen.fillStyle = ink;
  texts.forEach((text, index) => {
    const width = widths[index];
    pen.textAlign = columns[index].right ? "right" : "left";
    pen.fillText(cut(pen, text, width - PAD_PX), columns[index].right ? x + width - PAD_PX : x + PAD_PX, top + ROW_PX / 2 + 4);
    x += width;
  });
  pen.textAlign = "left";
}

/* A text in the room there is: the whole of it, or its beginning with three dots. By code points: no emoji is cut in half. */
function cut(pen, text, width) {
  if (pen.measureText(text).width <= width) return text;
  const letters = Array.from(text);
  let low = 0, high = letters.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (pen.measureText(letters.slice(0, middle).join("") + "…").width <= width) low = middle;
    else high = middle - 1;
  }
  return letters.slice(0, low).join("") + "…";
}

function textOf(cell) {
  return cell === null ? "" : typeof cell === "object" ? cell.text : String(cell);
}
