/* A day for a stage in no time: the page's clock, its timers and the server's end of its sockets, all in the page's own hands.

   Goes into the page before its scripts. `play.serve(slug, frame)` makes a board; `play.step(ms)` lets that much time pass at once, as on a
   TV whose timers are late: every board tells its news, then each timer that is due runs once. `play.pass(ms)` lets it pass bit by bit. */
(() => {
  const real = { setTimeout: window.setTimeout.bind(window), Date: window.Date, raf: window.requestAnimationFrame.bind(window) };
  const began_ms = real.Date.now();
  let now_ms = 1000;
  let ids = 1e6;
  let timers = new Map();
  let frames = [];
  const play = {
    boards: {}, sockets: new Set(), screen: null, up: true, painted: [], said: [], wall_skew_ms: 0, speeches: [], tones: 0, silent: false, calls: 0,
  };
  window.play = play;

  const wall_ms = () => began_ms + now_ms + play.wall_skew_ms;
  performance.now = () => now_ms;
  window.Date = class extends real.Date {
    constructor(...given) { super(...(given.length ? given : [wall_ms()])); }
    static now() { return wall_ms(); }
  };
  window.setTimeout = (run, ms) => { timers.set(++ids, { run, at: now_ms + Math.max(0, Number(ms) || 0) }); return ids; };
  window.setInterval = (run, ms) => { timers.set(++ids, { run, at: now_ms + ms, every: ms }); return ids; };
  window.clearTimeout = window.clearInterval = (id) => timers.delete(id);
  window.requestAnimationFrame = (run) => { frames.push(run); return ++ids; };
  const stamp = () => new real.Date(began_ms + now_ms).toISOString();

  class PlayedSocket {
    constructor(url) {
      this.slug = decodeURIComponent((/\/ws\/boards\/([^/]+)\//.exec(url) || [0, ""])[1]);
      this.readyState = 0;
      setTimeout(() => {
        if (this.readyState !== 0) return;
        if (!play.up) return this.lose(1006);
        this.readyState = 1;
        play.sockets.add(this);
        this.onopen({});
        if (this.slug && (!play.boards[this.slug] || play.boards[this.slug].gone)) this.lose(4404);
        if (this.slug || play.screen !== "revoked") return;
        this.say({ type: "bye", reason: "revoked" });
        this.lose(4401);
      }, 5);
    }
    send(text) {
      const message = JSON.parse(text);
      if (message.type === "painted") play.painted.push(Object.assign({ via: this.slug || "screen" }, message));
      else play.said.push([this.slug || "screen", message]);
      if (message.type !== "hello") return;
      const board = play.boards[this.slug];
      if (this.slug === "" && play.screen === "revoked") return;
      if (message.version && play.version && message.version !== play.version) this.say({ type: "reload" });
      if (this.slug === "" && play.screen) this.say(Object.assign({ type: "screen" }, play.screen));
      else if (board && message.seq !== board.seq) {
        this.say({ type: "frame", v: 1, board: this.slug, seq: board.seq, at: stamp(), frame: board.frame });
      }
      this.say({ type: "beat", v: 1, seq: board ? board.seq : 0, at: stamp() });
    }
    say(message) { if (this.readyState === 1 && this.onmessage) this.onmessage({ data: JSON.stringify(message) }); }
    lose(code) {
      if (this.readyState === 3) return;
      this.readyState = 3;
      play.sockets.delete(this);
      if (this.onclose) this.onclose({ code });
    }
    close() { this.readyState = 3; play.sockets.delete(this); }
  }
  window.WebSocket = PlayedSocket;

  play.to = (slug, message) => { for (const each of [...play.sockets]) if (each.slug === slug) each.say(message); };
  play.drop = (code, slug) => { for (const each of [...play.sockets]) if (slug === undefined || each.slug === slug) each.lose(code || 1006); };
  play.serve = (slug, frame) => { play.boards[slug] = { frame, seq: 100, dark: false }; };

  /* Merges a patch into the board and tells it; the feeds have answered just now unless the board is dark. */
  play.tell = (slug, patch) => {
    const board = play.boards[slug];
    if (!board || board.gone) return;
    const whole = Object.assign({}, patch);
    if (!board.dark) {
      whole.feeds = {};
      for (const id of Object.keys(board.frame.feeds)) whole.feeds[id] = { at: stamp() };
    }
    merge(board.frame, whole);
    const prev = board.seq;
    board.seq += 1;
    play.to(slug, { type: "patch", v: 1, seq: board.seq, prev, at: stamp(), patch: whole });
  };
  function merge(into, patch) {
    for (const key of Object.keys(patch)) {
      const value = patch[key];
      if (value === null) delete into[key];
      else if (typeof value === "object" && !Array.isArray(value) && into[key]) merge(into[key], value);
      else into[key] = value;
    }
  }
  play.assign = (name, items, preempts) => {
    play.screen = { name, items, preempts: preempts !== false };
    play.to("", Object.assign({ type: "screen" }, play.screen));
  };
  play.stamp = (ago_ms) => new real.Date(began_ms + now_ms - (ago_ms || 0)).toISOString();

  /* `news(slug)` gives what a board has to say in this step; nothing: that its feeds have answered. */
  play.step = (ms, news) => {
    now_ms += ms;
    if (!play.silent) {
      // the board that is seen hears last: till then no other line may seem silent, for time has not really jumped
      const shown = document.documentElement.dataset.board;
      const slugs = Object.keys(play.boards).sort((a, b) => Number(a === shown) - Number(b === shown));
      for (const slug of slugs) play.tell(slug, (news && news(slug)) || {});
      play.to("", { type: "beat", v: 1, seq: 0, at: stamp() });
    }
    play.run();
  };
  play.idle = (ms) => {
    now_ms += ms;
    play.run();
  };
  play.run = () => {
    const due = [...timers].filter(([, timer]) => timer.at <= now_ms).sort((a, b) => a[1].at - b[1].at);
    for (const [id, timer] of due) {
      if (!timers.has(id)) continue;
      if (timer.every) timer.at = now_ms + timer.every;
      else timers.delete(id);
      timer.run();
    }
    const waiting = frames;
    frames = [];
    for (const run of waiting) run(now_ms);
  };
  const channel = new MessageChannel();  // a timer of the browser would wait four milliseconds each time
  const resting = [];
  channel.port1.onmessage = () => resting.shift()();
  play.rest = () => new Promise((done) => { resting.push(done); channel.port2.postMessage(0); });
  play.pass = async (ms, news) => {
    for (let left = ms; left > 0; left -= 500) {
      play.step(Math.min(500, left), news);
      await play.rest();
    }
  };
  /* Lets real time pass while the page's own stands still: modules and styles come over the wire. */
  play.settle = async (until) => {
    for (let tries = 0; tries < 2000 && !until(); tries += 1) {
      play.step(5);
      await new Promise((done) => real.setTimeout(done, 5));
    }
    return until();
  };
  play.timers = () => timers.size;

  /* The browser's own sound and voice, counted. */
  window.AudioContext = class extends EventTarget {
    constructor() { super(); this.state = play.quietBrowser ? "suspended" : "running"; this.currentTime = 0; this.destination = {}; }
    resume() { return Promise.resolve(); }
    suspend() { return Promise.resolve(); }
    createOscillator() { return { frequency: {}, connect: (to) => to, start: () => { play.tones += 1; }, stop: () => {} }; }
    createGain() {
      const nothing = () => {};
      return { gain: { setValueAtTime: nothing, linearRampToValueAtTime: nothing, exponentialRampToValueAtTime: nothing }, connect: (to) => to };
    }
  };
  play.voices = [{ name: "Emma", lang: "en-GB", localService: true }];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => play.voices,
    addEventListener: (name, run) => { play.voicesChanged = run; },
    speak: (said) => {
      if (play.quietBrowser) return said.onerror({ error: "not-allowed" });
      play.speeches.push([said.lang, said.text]);
      said.onstart();
      setTimeout(() => said.onend && said.onend(), 4000);
    },
    cancel: () => {},
  } });
})();
