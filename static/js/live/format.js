/* Numbers and times as text, as the language of the words (words.js) writes them: its marks, its names of days and months. Digits are
   0 to 9, times of day have 24 hours and durations are m:ss, from a day on days and hours, in every language: a wall is read across the
   room and by guests.
   In: plain numbers (seconds, ratios, milliseconds since 1970). Out: strings. DOM-free. */

import { digits, isRtl, say } from "./words.js";

const ZONES = {};
// Beyond these no tile has the room, and a number cut at its tile's edge is another number: a bound in words stands for it.
const MOST = 999999;
const MOST_PERCENT = 999;
const DAY_S = 86400;
const MOST_DAYS = 999;
const HOURS_UNTIL_S = 360000;
const OLDEST_DAYS = 99;

function two(n) {
  return (n < 10 ? "0" : "") + n;
}

/* 462 -> 7:42, 3725 -> 1:02:05, 187200 -> 2 d 4 h. Less than nothing is 0:00, more than 999 days is "> 999 d". */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole >= DAY_S) return days(Math.floor(whole / DAY_S), Math.floor(whole % DAY_S / 3600));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole % 3600 / 60);
  return (hours ? hours + ":" + two(minutes) : minutes) + ":" + two(whole % 60);
}

function days(d, h) {
  if (d > MOST_DAYS) return "> " + say("age.days", { n: MOST_DAYS });
  const said = h ? say("span.days_hours", { d, h }) : say("age.days", { n: d });
  return isRtl() ? "\u2067" + said + "\u2069" : said;   // a figure stands from left to right, its words must not
}

/* An age: 7 s, then 2:04, then 26 h, then 5 d. */
export function age(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return say("age.seconds", { n: whole });
  if (whole < HOURS_UNTIL_S) return whole < 36000 ? duration(whole) : say("age.hours", { n: Math.floor(whole / 3600) });
  const days = Math.floor(whole / 86400);
  return days > OLDEST_DAYS ? "> " + say("age.days", { n: OLDEST_DAYS }) : say("age.days", { n: days });
}

/* 1234 -> 1,234; -3 -> −3; a mean keeps one decimal; more than 999,999 is "> 999,999". */
export function count(n) {
  if (n < 0) return "−" + count(-n);
  if (n > MOST) return "> " + count(MOST);
  return digits(Number.isInteger(n) ? String(n) : n.toFixed(1));
}

/* 0.034 -> 3.4 (the tile sets the sign behind it). A share that is not zero is never written as zero, one short of all never as 100;
   ten times all and more is nonsense of the source, and "> 999". */
export function percent(ratio) {
  const value = ratio * 100;
  if (value > MOST_PERCENT) return "> " + MOST_PERCENT;
  if (value > 0 && value < 0.1) return "<" + digits("0.1");
  if (value < 100 && value > 99.9) return ">" + digits("99.9");
  const text = value.toFixed(1);
  return digits(text.slice(-2) === ".0" ? text.slice(0, -2) : text);
}

/* 0.034 -> "3.4 %": with its sign, for running text. */
export function share(ratio) {
  return say("number.percent", { n: percent(ratio) });
}

/* What stands before a value as text: "+" where it is a difference above 0. */
export function plus(value, signed) {
  return signed && value > 0 ? "+" : "";
}

/* A value of a metric by its unit: count, s or ratio. */
export function quantity(value, unit) {
  if (unit === "s") return duration(value);
  return unit === "ratio" ? percent(value) : count(value);
}

function formatter(zone) {
  if (ZONES[zone] === undefined) {
    const options = { year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
    try {
      ZONES[zone] = { known: true, format: new Intl.DateTimeFormat("en-US", Object.assign({ timeZone: zone }, options)) };
    } catch (error) {                    // a zone younger than this browser: UTC, and saying so, beats a wrong local time
      ZONES[zone] = { known: false, format: new Intl.DateTimeFormat("en-US", Object.assign({ timeZone: "UTC" }, options)) };
    }
  }
  return ZONES[zone];
}

/* {hour, minute, second, day, month, known}: the time in a zone; `known` false means that it is UTC instead. */
export function parts(ms, zone) {
  const { format, known } = formatter(zone);
  const found = { known };
  for (const part of format.formatToParts(new Date(ms))) {
    if (part.type !== "literal") found[part.type] = Number(part.value);
  }
  if (found.hour === 24) found.hour = 0;  // Chromium 80 writes midnight as 24 in this cycle
  return found;
}

/* 14:30, or 14:30:03 with `seconds`. */
export function timeOfDay(ms, zone, seconds) {
  const t = parts(ms, zone);
  return two(t.hour) + ":" + two(t.minute) + (seconds ? ":" + two(t.second) : "") + (t.known ? "" : " UTC");
}

/* When something was, for "as of": {day, time}; `day` ("20 Nov") is empty today, for a time alone would pass for today's. */
export function moment(ms, now_ms, zone) {
  const then = parts(ms, zone);
  const now = parts(now_ms, zone);
  const sameDay = then.day === now.day && then.month === now.month && then.year === now.year;
  return { day: sameDay ? "" : dayMonth(then), time: timeOfDay(ms, zone) };
}

/* "as of 14:30", "as of 20 Nov 14:30". */
export function asOf(ms, now_ms, zone) {
  const { day, time } = moment(ms, now_ms, zone);
  return say("time.as_of", { when: day ? say("date.with_time", { day, time }) : time });
}

/* "20 Nov" of what `parts` gives. */
export function dayMonth(found) {
  return say("date.day_month", { day: found.day, month: say("month." + found.month + ".short") });
}

/* The day of a moment: "Friday 20 November". */
export function longDate(ms, zone) {
  const t = parts(ms, zone);
  return say("date.long", { weekday: say("weekday." + weekday(t)), day: t.day, month: say("month." + t.month) });
}

/* 1 is Monday, 7 Sunday. */
function weekday(t) {
  return new Date(Date.UTC(t.year, t.month - 1, t.day)).getUTCDay() || 7;
}

/* "1 caller", "4 callers". */
export function plural(n, one, many) {
  return count(n) + " " + (n === 1 ? one : many);
}

/* Short forms of full names for small chips: "Amara Okafor" -> "Amara O"; where two would be the same, as many letters more as tell
   them apart. A name of one word stays whole. Letters are code points, so that no emoji is cut in half. */
export function shortNames(names) {
  const forms = names.map((name) => {
    const words = name.trim().split(/\s+/);
    return { name: name.trim(), first: words[0], last: words.length > 1 ? Array.from(words[words.length - 1]) : [] };
  });
  const shorts = forms.map((form) => shorten(form, 1));
  for (let letters = 2; letters <= 4; letters += 1) {
    const seen = {};
    shorts.forEach((short) => { seen["=" + short] = (seen["=" + short] || 0) + 1; });
    forms.forEach((form, i) => { if (seen["=" + shorts[i]] > 1) shorts[i] = shorten(form, letters); });
  }
  return shorts;
}

function shorten(form, letters) {
  return form.last.length ? form.first + " " + form.last.slice(0, letters).join("") : form.name;
}
