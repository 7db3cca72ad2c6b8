/* How wide a text will be, before it is drawn. In: a text. Out: its width in em. DOM-free.

   The widths are those of Inter as the wall sets it (a label's weight; digits tabular), measured in 1/100 em; a letter with a mark is as wide
   as without. Letters of other scripts come from a typeface that nobody knows here: their widths are generous, so that a size chosen by them
   never runs over. */

const ASCII = [
  27, 24, 46, 62, 65, 92, 64, 27, 39, 39, 64, 64, 27, 64, 27, 36, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 27, 27, 64, 64, 64, 56, 100, 71, 64, 73,
  70, 60, 58, 73, 72, 25, 56, 68, 55, 89, 72, 75, 63, 75, 65, 65, 63, 70, 71, 100, 69, 68, 63, 39, 29, 39, 46, 47, 28, 55, 59, 55, 59, 56, 31,
  59, 58, 24, 24, 54, 26, 88, 58, 57, 59, 59, 37, 51, 32, 58, 55, 81, 53, 55, 51, 39, 34, 39, 64,
];
const STRUCK = { "Ł": "L", "ł": "r", "Đ": "O", "đ": "n", "Ø": "O", "ø": "o", "ı": "i" };  // no mark of their own: a letter as wide
const FULL_WIDTH = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/;
const UNSEEN = /[\u0300-\u036f\u064b-\u0652\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f]/;

export function textWidth(text) {
  let sum = 0;
  for (const letter of String(text)) {
    const code = (STRUCK[letter] || letter.normalize("NFD")).codePointAt(0);
    if (code >= 32 && code < 127) sum += ASCII[code - 32];
    else if (code === 160) sum += ASCII[0];
    else if (code > 0xffff) sum += 135;                                   // an emoji
    else if (FULL_WIDTH.test(letter)) sum += 102;
    else if (!UNSEEN.test(letter)) sum += letter.toLowerCase() === letter ? 64 : 76;
  }
  return sum / 100;
}
