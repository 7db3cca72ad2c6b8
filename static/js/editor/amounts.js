/* A metric's amount in people's words, and back: "3:00" and 180 seconds, "5 %" and 0.05. Twin of dashboard/domain/amounts.py. DOM-free.

   In:  text, or a number, with its unit (s, count, ratio). Out: the number, or an Error with one sentence; the words. */

const CLOCK = /^(?:(\d{1,4}):)?(\d{1,5}):([0-5]\d)$/;
const DURATION = /^(\d{1,12}(?:\.\d{1,6})?|\.\d{1,6})\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?)?$/;
const DAYS = /^(\d{1,5})\s*d(?:ays?)?(?:\s+(\d{1,2})\s*h)?(?:\s+(\d{1,2})\s*min)?(?:\s+(\d{1,2})\s*s)?$/;
const DAY_S = 86400;
const PLAIN = /^(\d{1,12}(?:\.\d{1,6})?|\.\d{1,6})$/;
const SECONDS_IN = { s: 1, m: 60, h: 3600, d: DAY_S };
const MOST = 1e9;

export const HINTS = {
  s: "a time such as 3:00 (minutes:seconds), 90, 1:30:00 or 2 d 4 h", count: "a number such as 5", ratio: "a percentage such as 5 %",
};

export function parse(text, unit) {
  const given = text.trim().toLowerCase();
  const fail = () => { throw new Error(`“${text.trim().slice(0, 40)}” is not ${HINTS[unit]}.`); };
  let value;
  if (unit === "s") {
    const clock = CLOCK.exec(given);
    const days = DAYS.exec(given);
    const plain = DURATION.exec(given);
    if (days) value = [DAY_S, 3600, 60, 1].reduce((sum, unit_s, place) => sum + unit_s * Number(days[place + 1] || 0), 0);
    else if (clock) value = Number(clock[1] || 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
    else if (plain) value = Number(plain[1]) * SECONDS_IN[(plain[2] || "s")[0]];
    else return fail();
  } else {
    const found = PLAIN.exec(unit === "ratio" ? given.replace(/\s*%$/, "") : given);
    if (!found) return fail();
    value = Number(found[1]);
    if (unit === "ratio") {
      if (value > 100) throw new Error(`“${text.trim().slice(0, 40)}” is more than 100 %.`);
      return Math.round(value * 1e4) / 1e6;
    }
  }
  if (value > MOST) throw new Error(`“${text.trim().slice(0, 40)}” is too large.`);
  return value;
}

export function amount(value, unit) {
  if (unit === "s") return clockOf(value);
  const short = (number) => String(Math.round(number * 1000) / 1000);
  return unit === "ratio" ? short(value * 100) + " %" : short(value);
}

function clockOf(seconds) {
  const whole = Math.round(Math.abs(seconds));
  if (whole >= DAY_S) {
    const parts = [[Math.floor(whole / DAY_S), "d"], [Math.floor(whole / 3600) % 24, "h"], [Math.floor(whole / 60) % 60, "min"], [whole % 60, "s"]];
    return parts.filter(([part]) => part > 0).map(([part, word]) => `${part} ${word}`).join(" ");
  }
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/* A sensible leave value: a tenth of the enter value towards the calm side, at least one step, never below 0. */
export function leaveFor(enter, unit, higherIsWorse) {
  const step = { s: 5, count: 1, ratio: .01 }[unit];
  const distance = Math.max(step, Math.floor(Math.abs(enter) * .1 / step + .5) * step);
  return Math.round(Math.max(0, higherIsWorse ? enter - distance : enter + distance) * 1e6) / 1e6;
}

/* What is wrong with limits {warning_enter, …}, or null. Twin of dashboard/domain/thresholds.py. */
export function limitsProblem(limits, higherIsWorse) {
  const sign = higherIsWorse ? 1 : -1;
  if (sign * limits.warning_leave > sign * limits.warning_enter) return "A warning must end on the calm side of where it starts.";
  if (sign * limits.critical_leave > sign * limits.critical_enter) return "Critical must end on the calm side of where it starts.";
  if (sign * limits.warning_enter > sign * limits.critical_enter) return "Critical must start beyond the warning.";
  return null;
}
