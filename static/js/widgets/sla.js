/* <ql-tile-sla>: each policy's targets: missed now, about to be, kept in seven days.

   In:  options label, most; a picture with the server's rows (frame.widgets: `targets`, `more`, severity). Out: the tile. The first row is the
   board's, of the frame's own metrics. Zendesk shows these events to administrators alone: refused, the tile says what is needed. */

import { attribute, flag } from "../elements/write.js";
import { count, duration, share } from "../live/format.js";
import { tile } from "../live/tiles.js";
import { has, say } from "../live/words.js";
import { ageOf, feedNow, feedProvenance, feedSilence } from "../wall/provenance.js";
import { TableTile } from "../wall/table.js";

const ENDPOINT = "ticket_metric_events";
const FEW = 10;                          // twin of domain/derive_tickets.py MIN_CASES_FOR_A_RATE

class TileSla extends TableTile {
  draw(picture) {
    const part = this.part(picture);
    const feed = feedNow(picture, ENDPOINT);
    const isOld = feed.old || !picture.live;
    const limits = (picture.frame.thresholds || {}).sla_ratio_7d || null;
    const view = (name, own) => tile(picture.frame, name, ENDPOINT, picture.now_ms, own);
    const [missed, soon, kept] = [view("sla_breached", part), view("sla_breaching_in_60"), view("sla_ratio_7d")];
    const keptText = kept.state === "too_few" ? say("number.too_few") : kept.state === "value" ? share(kept.value) : "–";
    const cells = [missedCell(missed.value), soonCell(soon.value), keptCell(kept.value, keptText, limits)];
    const all = { name: say("table.all"), all: true, cells };
    const targets = (part.targets || []).map((each) => {
      const decided = each.met + each.missed;
      const ratio = decided >= FEW ? each.met / decided : null;
      const said = ratio !== null ? share(ratio) : decided ? say("sla.of", { n: each.met, of: decided }) : "–";
      return { name: nameOf(each), title: nameOf(each), cells: [missedCell(each.breached), soonCell(each.breaching), keptCell(ratio, said, limits)] };
    });
    const refused = Boolean(feed.error && feed.error.kind === "forbidden");
    const known = feed.at_ms !== null && missed.value !== null;
    const left = view("sla_next_breach_left");
    this.drawTable({
      heading: this.options.label || say("sla.heading"), aside: isOld ? "" : nextOf(left, picture),
      heads: [say("sla.missed"), say("sla.soon"), say("sla.kept")], sets: [[0, 1, 2], [0, 1], [0]],
      rows: known ? [all, ...targets] : [], beside: part.more || 0, unrecorded: Boolean(part.unrecorded),
      none: known ? "" : refused ? say("sla.needs_admin") : feedSilence(picture, ENDPOINT),
      note: feed.at_ms === null ? "" : refused && feed.old ? say("sla.needs_admin_short") : ageOf(Object.assign(feed, { old: isOld }), picture),
    });
    this.colour(missed, picture);
    flag(this, "is-stale", isOld && known);
    attribute(this, "title", feedProvenance(ENDPOINT, feed.at_ms, picture.now_ms));
  }
}

function nameOf({ policy, metric }) {
  const clock = has("sla.clock." + metric) ? say("sla.clock." + metric) : metric;
  return policy ? say("sla.target", { clock, policy }) : clock;
}

/* When the next target will be missed, as the vendor has announced it. */
function nextOf(view, picture) {
  if (view.state !== "value" || view.at_ms === null) return "";
  return say("sla.next", { time: duration(Math.max(0, view.value - (picture.now_ms - view.at_ms) / 1000)) });
}

function missedCell(value) {
  if (value === null) return { text: "–", tone: "zero" };
  return { text: count(value), tone: value > 0 ? "bad" : "zero", icon: value > 0 ? "critical" : null };
}

function soonCell(value) {
  if (value === null) return { text: "–", tone: "zero" };
  return { text: count(value), tone: value > 0 ? "loud" : "zero", icon: value > 0 ? "warning" : null };
}

function keptCell(ratio, said, limits) {
  if (ratio === null || limits === null) return { text: said, tone: ratio === null ? "zero" : "" };
  const tone = ratio <= limits.critical_enter ? "bad" : ratio <= limits.warning_enter ? "loud" : "";
  return { text: said, tone, icon: tone === "bad" ? "critical" : tone === "loud" ? "warning" : null };
}

customElements.define("ql-tile-sla", TileSla);
