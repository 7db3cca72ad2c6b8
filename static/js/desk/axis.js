/* Where a chart of steps puts its words: the times under it and the values beside it. In: the steps' beginnings as text by the board's
   clock ("2026-11-21T14:15:00+01:00"), a highest value. Out: {tickvals, ticktext}. DOM-free. A step's place is its number. */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const TIME_PX = 56;
const DAY_PX = 64;
const MINUTES = [5, 10, 15, 30, 60, 120, 180, 240, 360];
const SECONDS = [10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

export function dayOf(step) {
  return Number(step.slice(8, 10)) + " " + MONTHS[Number(step.slice(5, 7)) - 1];
}

export function weekdayOf(step) {
  return WEEKDAYS[new Date(step.slice(0, 10) + "T00:00:00Z").getUTCDay()];
}

export function timeOf(step) {
  return step.slice(11, 16);
}

export function timeTicks(answer, width) {
  const { steps, span } = answer;
  // A word nearer to the left edge than this would stand against the value at the axis' foot.
  const clear = (place) => place * width / steps.length > TIME_PX / 3;
  if (span === "7d" || span === "28d") {
    const days = steps.map((step, place) => ({ step, place })).filter(({ place }) => span === "28d" || isDayBegin(steps, place));
    const every = Math.max(1, Math.ceil(days.length * DAY_PX / Math.max(1, width)));
    const kept = days.filter(({ place }, index) => index % every === 0 && clear(place + 0.5));
    const shift = span === "28d" ? 0.5 : 0;      // under the middle of its day; where a step is less, where the day begins
    const ticktext = kept.map(({ step }) => (span === "7d" ? weekdayOf(step).slice(0, 3) + " " : "") + dayOf(step));
    return { tickvals: kept.map(({ place }) => place + shift), ticktext };
  }
  const total_min = steps.length * answer.step_s / 60;
  const most = Math.max(2, Math.floor(width / TIME_PX));
  const every = MINUTES.find((minutes) => total_min / minutes <= most) || 720;
  const kept = [];
  steps.forEach((step, place) => {
    const minute = Number(step.slice(11, 13)) * 60 + Number(step.slice(14, 16));
    if (minute % every === 0 && clear(place)) kept.push(place);
  });
  return { tickvals: kept, ticktext: kept.map((place) => timeOf(steps[place])) };
}

function isDayBegin(steps, place) {
  return place === 0 ? timeOf(steps[0]) === "00:00" : steps[place].slice(0, 10) !== steps[place - 1].slice(0, 10);
}

/* Three to six round values from 0 up to above `highest`. */
export function valueTicks(highest, unit, say) {
  const most = Math.max(highest, unit === "s" ? 30 : unit === "ratio" ? 0.1 : 4);
  const raw = most / 4;
  let step = unit === "s" ? SECONDS.find((each) => each >= raw) : undefined;
  if (step === undefined) {
    const power = Math.pow(10, Math.floor(Math.log10(raw)));
    step = power * ([1, 2, 5, 10].find((each) => each * power >= raw * 0.999) || 10);
    if (unit === "count") step = Math.max(1, Math.round(step));
  }
  const tickvals = [];
  for (let n = 0; n * step <= most * 1.02; n += 1) tickvals.push(n * step);
  return { tickvals, ticktext: tickvals.map(say), top: Math.max(most * 1.08, tickvals[tickvals.length - 1] * 1.04) };
}
