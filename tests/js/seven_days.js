/* One stretch of seven days of a stage at 100x: in each step 100 s pass. Everything that happens to a TV happens here, again and again: numbers, agents and
   charts change, boards call, are edited and go dark, lines break, the server goes and comes, the list of boards changes, clocks jump.

   Called in the page with (from, to) in steps; the sockets and the clock are those of playing.js. Returns what was seen. */
async (from, to) => {
  const STEP_MS = 100000;
  const root = document.documentElement;
  const slugs = Object.keys(play.boards);
  const seen = {};
  let last = null;
  let changes = 0;
  let longest = 0;
  let since = from;
  const dark = [];
  let seed = 7 + from;
  const roll = (n) => { seed = (seed * 16807) % 2147483647; return seed % n; };
  const lists = [["a", "b", "c", "d"], ["a", "b", "c", "d", "e"], ["e", "a"], ["b", "a", "b", "c", "d", "e"]];

  function news(step, slug) {
    const patch = { metrics: { longest_wait_time: { value: roll(240), at: play.stamp(), severity: roll(3) ? "ok" : "warning" }, calls_waiting: { value: roll(20), at: play.stamp() } } };
    const place = slugs.indexOf(slug);
    const frame = play.boards[slug].frame;
    if ((step + place) % 4 === 0) patch.agents = frame.agents.map((agent) => Object.assign({}, agent, { state: roll(3) ? "online" : "away", since: play.stamp(roll(600000)) }));
    const phase = (step + place * 11) % 60;
    if (phase === 0) patch.incidents = [{ id: step * 10 + place, kind: "threshold", severity: "critical", state: "open", about: "Longest wait above 3:00", text: "Longest wait above 3:00", metric: "longest_wait_time", unit: "s", since: play.stamp(60000) }];
    if (phase === 2) patch.incidents = frame.incidents.map((each) => Object.assign({}, each, { state: "acknowledged", acknowledged_by: "dana" }));
    if (phase === 3) patch.incidents = [];
    if ((step + place) % 20 === 0) {
      const charts = JSON.parse(JSON.stringify(frame.charts));
      for (const key of Object.keys(charts)) if (charts[key].data) charts[key].data.forEach((line) => { if (line.y) line.y = line.y.map((y) => (typeof y === "number" ? y + roll(9) : y)); });
      patch.charts = charts;
    }
    if ((step + place * 7) % 150 === 0) patch.board = { title: "Board " + slug + " " + step, theme: roll(2) ? "dark" : "light", widgets: frame.board.widgets.slice().reverse() };
    return patch;
  }

  for (let step = from; step < to; step += 1) {
    if (step % 97 === 0) play.drop();
    if (step % 400 === 0) play.up = false;
    if (step % 400 === 2) play.up = true;
    if (step % 300 === 50) {
      play.assign("Reception", lists[(step / 50) % lists.length | 0].map((slug) => ({ slug, seconds: 60 + 40 * (slug.charCodeAt(0) % 3) })));
    }
    if (step % 250 === 20) play.to("", { type: "flash", seconds: 10, text: "Reception" });
    if (step % 170 === 0) play.boards.c.dark = !play.boards.c.dark;
    if (step % 864 === 500) play.wall_skew_ms += 7200000;
    play.step(STEP_MS, (slug) => news(step, slug));
    // a lost line comes back within seconds; a board that is called up and has no layer yet comes within one
    for (let tries = 0; tries < (step % 97 === 0 ? 4 : 1); tries += 1) {
      await play.rest();
      play.idle(1000);
    }
    const now = root.dataset.board;
    seen[now] = (seen[now] || 0) + 1;
    if (document.body.dataset.live !== "yes") dark.push([step, now, document.querySelector(".wall-view:not(.is-under) ql-notice").dataset.cause]);
    if (now !== last) {
      changes += 1;
      longest = Math.max(longest, step - since);
      since = step;
      last = now;
    }
  }
  return { seen, changes, longest, dark, timers: play.timers(), painted: play.painted.splice(0).length, spoken: play.speeches.splice(0).length, said: play.said.splice(0).length, layers: document.querySelectorAll(".stage > .wall-view").length };
}
