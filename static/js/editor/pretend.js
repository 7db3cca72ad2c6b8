/* The board as it would look on another day: calm, critical, not live. DOM-free.

   In:  a frame with real data, the time (ms). Out: a frame with other numbers and ages. Nothing of it leaves this page. */

const SILENT_S = 125;

const since = (now_ms, seconds) => new Date(now_ms - seconds * 1000).toISOString();

export function pretended(frame, mode, now_ms) {
  if (mode === "now") return frame;
  if (mode === "notlive") {
    const feeds = map(frame.feeds, (feed) => ({ ...feed, at: since(now_ms, SILENT_S), failing: true }));
    const { problem, ...source } = frame.source || {};
    return { ...frame, feeds, source: { ...source, state: "down" } };
  }
  const critical = mode === "critical";
  const at = new Date(now_ms).toISOString();
  const feeds = map(frame.feeds, (feed) => {
    const { failing, stopped, ...rest } = feed;
    return { ...rest, at };
  });
  const metrics = map(frame.metrics, (metric, name) => {
    const limits = (frame.thresholds || {})[name];
    if (metric.value === undefined && !limits) return metric;
    const plain = { ...metric, state: "live", at, severity: "ok" };
    delete plain.severity_since;
    if (!limits) return plain;
    plain.value = valueOf(limits, critical);
    return critical ? { ...plain, severity: "critical", severity_since: since(now_ms, 150) } : plain;
  });
  const widgets = map(frame.widgets, (part) => {
    if (part.severity === undefined || part.threshold === undefined) return part;
    const { severity_since, ...rest } = part;
    return critical ? { ...rest, severity: "critical", severity_since: since(now_ms, 150) } : { ...rest, severity: "ok" };
  });
  const source = { ...frame.source, state: "live" };
  delete source.problem;
  return { ...frame, feeds, metrics, widgets, source, incidents: critical ? frame.incidents : [] };
}

function valueOf(limits, critical) {
  const steps = limits.critical_enter - limits.warning_enter;
  const value = critical ? limits.critical_enter + steps * .5 : limits.higher_is_worse ? limits.target * .4 : limits.target + Math.abs(steps) * .4;
  return Math.abs(limits.critical_enter) < 2 ? Math.max(0, Math.round(value * 1000) / 1000) : Math.max(0, Math.round(value));
}

function map(object, change) {
  return Object.fromEntries(Object.entries(object || {}).map(([name, value]) => [name, change(value, name)]));
}
