/* Digits as a language writes them. In: a plain number and the language's words (number.*). Out: text. DOM-free.

   Digits are 0 to 9 in every language, Arabic too: the tiles' figures, the charts' axes and the mails must read alike, and the tabular
   digits of the wall's own typeface are these. Marks come from the word table, not from the browser: browsers of two years disagree
   about them, and the mails are written by a server. */

/* 1234.5 -> "1,234.5", "1.234,5", "1234,5", "1 234,5": whole, or with one decimal. */
export function numeral(n, table) {
  return marked(Number.isInteger(n) ? String(n) : n.toFixed(1), table);
}

/* The digits of a plain decimal ("-1234.5") with the language's marks. Some languages group from five digits on only. */
export function marked(digits, table) {
  const [whole, rest] = digits.split(".");
  const bare = whole.replace("-", "");
  const grouped = bare.length < Number(table["number.grouped_from_digits"] || 4) ? bare : bare.replace(/\B(?=(\d{3})+(?!\d))/g, mark(table, "group", ","));
  return (whole[0] === "-" ? "−" : "") + grouped + (rest === undefined ? "" : mark(table, "decimal", ".") + rest);
}

function mark(table, name, otherwise) {
  const found = table["number." + name];
  return found === undefined ? otherwise : found;
}
