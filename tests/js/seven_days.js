/* One stretch of a stage's days, in steps of `step_ms`. Everything that happens to a TV happens here, again and again: numbers, agents and
   charts change, boards call, are edited and go dark, lines break, the server goes and comes, the list of boards changes, clocks jump.

   Called in the page with the steps' numbers; the sockets and the clock are those of playing.js. Returns what was seen. */
async (from, to, step_ms) => {
  const root = document.documentElement;
  const slugs = Object.keys(play.boards);
  const out = { seen: {}, changes: 0, longest: 0, dark: 0, layers: 0, timers: 0 };
  const lists = [["a", "b", "c", "d"], ["a", "b", "c", "d", "e"], ["e", "a"], ["b", "c", "a", "d"], ["c", "a", "c", "e", "d"]];
  let last = null;
  let since = from;
  let seed = 7 + from;

  function roll(n) {
    seed = (seed * 16807) % 2147483647;
    return seed % n;
  }

  function news(step, slug) {
    const place = slugs.indexOf(slug);
    const frame = play.boards[slug].frame;
    const at = play.stamp();
    const wait = { value: roll(240), at, severity: roll(3) ? "ok" : "warning" };
    const patch = { metrics: { longest_wait_time: wait, calls_waiting: { value: roll(20), at } } };
    if ((step + place) % 4 === 0) {
      patch.agents = frame.agents.map((agent) => ({ ...agent, state: roll(3) ? "online" : "away", since: play.stamp(roll(600000)) }));
    }
    const phase = (step + place * 11) % 60;
    if (phase === 0) patch.incidents = [called(step * 10 + place)];
    if (phase === 2) patch.incidents = frame.incidents.map((each) => ({ ...each, state: "acknowledged", acknowledged_by: "dana" }));
    if (phase === 3) patch.incidents = [];
    if ((step + place) % 20 === 0) patch.charts = moved(frame.charts);
    if ((step + place * 7) % 150 === 0) {
      patch.board = { title: "Board " + slug + " " + step, theme: roll(2) ? "dark" : "light", widgets: frame.board.widgets.slice().reverse() };
    }
    return patch;
  }

  function called(id) {
    const about = "Longest wait above 3:00";
    return {
      id, kind: "threshold", severity: "critical", state: "open", about, text: about, metric: "longest_wait_time", unit: "s",
      since: play.stamp(60000),
    };
  }

  function moved(charts) {
    const copy = JSON.parse(JSON.stringify(charts));
    for (const chart of Object.values(copy)) {
      for (const line of chart.data || []) if (line.y) line.y = line.y.map((y) => (typeof y === "number" ? Math.max(0, y + roll(9) - 4) : y));
    }
    return copy;
  }

  function disturb(step) {
    if (step % 97 === 0) play.drop();
    if (step % 400 === 0) play.up = false;
    if (step % 400 === 2) play.up = true;
    if (step % 300 === 50) {
      const items = lists[Math.floor(step / 300) % lists.length].map((slug, place) => ({ slug, seconds: 60 + 40 * (place % 3) }));
      play.assign("Reception", items);
    }
    if (step % 250 === 20) play.to("", { type: "flash", seconds: 10, text: "Reception" });
    if (step % 430 === 60) play.boards.c.dark = true;
    if (step % 430 === 120) play.boards.c.dark = false;
    if (step % 864 === 500) play.wall_skew_ms += 7200000;
  }

  for (let step = from; step < to; step += 1) {
    disturb(step);
    play.step(step_ms, (slug) => news(step, slug));
    // a lost line comes back within seconds, and a board that nobody has seen yet is waited for for three; a turn is hardly longer than a
    // step here, and the next board's turn would come before that. What else waits for a moment (a voice) may wait for the next step.
    const moments = step % 97 === 0 || step - since > 2 ? 4 : step % 10 === 0 ? 1 : 0;
    for (let tries = 0; tries < moments; tries += 1) {
      await play.rest();
      play.idle(1000);
    }
    await play.rest();
    const now = root.dataset.board;
    out.seen[now] = (out.seen[now] || 0) + 1;
    if (document.body.dataset.live !== "yes") out.dark += 1;
    out.layers = Math.max(out.layers, document.querySelectorAll(".stage > .wall-view").length);
    out.timers = Math.max(out.timers, play.timers());
    if (now !== last) {
      out.changes += 1;
      since = step;
      last = now;
    }
    out.longest = Math.max(out.longest, step - since);
  }
  return { ...out, painted: play.painted.splice(0).length, spoken: play.speeches.splice(0).length, said: play.said.splice(0).length };
}
