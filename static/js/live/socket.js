/* The line to the server: protocol 1, reconnecting for ever. DOM-free; knows no store and draws nothing.

   In:  the address, what we hold (`seq()`), and what to do with a message. Out: `line`, the state of the line, for causes.js.
   Back-off 0.25 to 5 s with jitter, so that a floor of TVs does not come back as one. The watchdog ends a line that is silent for 8 s:
   a server beats at least every 5 s, and a dead TCP connection stays "open" for minutes. */

export const SILENT_AFTER_MS = 8000;
const FIRST_DELAY_MS = 250;
const LAST_DELAY_MS = 5000;
const REFUSED_DELAY_MS = 30000;
const PAINTED_EVERY_MS = 10000;
const RESYNC_EVERY_MS = 500;
const REFUSALS = [4401, 4403, 4404];

/* options: url, seq() -> number|null, onMessage(message), onLine(line); for tests also WebSocket, now(), later(fn, ms), random(). */
export function connect(options) {
  const Socket = options.WebSocket || WebSocket;
  const now = options.now || (() => performance.now());
  const later = options.later || ((run, ms) => setTimeout(run, ms));
  const random = options.random || Math.random;
  // `heard_at` is the last message, whatever the connection: a server that accepts and then says nothing is silent.
  const line = { open: false, started_at: now(), closed_at: now(), heard_at: null, refused: null };
  let socket = null;
  let attempts = 0;
  let ended = false;
  let paintedAt = -Infinity;
  let aliveAt = 0;                       // the last sign of this connection: begun, opened, a message
  let resyncAt = -Infinity;
  let helloDue = false;

  function tell() {
    if (options.onLine) options.onLine(line);
  }

  function open() {
    if (ended) return;
    aliveAt = now();
    let mine;
    try {
      mine = new Socket(options.url);
    } catch (error) {                    // a malformed address: nothing will change it but a reload, yet the page must stay up
      retry();
      return;
    }
    socket = mine;
    mine.onopen = () => {
      if (socket !== mine) return;
      line.open = true;
      aliveAt = now();
      hello(options.seq());
      tell();
    };
    mine.onmessage = (event) => {
      if (socket !== mine) return;
      let message;
      try {
        message = JSON.parse(event.data);
      } catch (error) {
        return;                          // not our protocol: if that is all it says, the watchdog ends the line
      }
      line.heard_at = aliveAt = now();
      attempts = 0;
      if (message.type === "bye") line.refused = message.reason || "bye";
      else line.refused = null;
      options.onMessage(message);
    };
    mine.onclose = (event) => lose(mine, event.code);
  }

  function lose(which, code) {
    if (socket !== which) return;
    socket = null;
    if (line.open || line.closed_at === null) line.closed_at = now();
    line.open = false;
    if (REFUSALS.indexOf(code) >= 0 && line.refused === null) line.refused = String(code);
    tell();
    retry();
  }

  function retry() {
    const ceiling = line.refused === null ? Math.min(LAST_DELAY_MS, FIRST_DELAY_MS * Math.pow(2, attempts)) : REFUSED_DELAY_MS;
    attempts = Math.min(attempts + 1, 10);
    later(open, ceiling * (0.5 + random() / 2));
  }

  function say(message) {
    if (socket !== null && socket.readyState === 1) socket.send(JSON.stringify(message));
  }

  function hello(seq) {
    const message = { type: "hello", v: 1, seq };
    if (options.version) message.version = options.version;
    say(message);
  }

  /* Asks for a whole frame, at most twice a second: until it comes, every further patch would ask again. */
  function resync() {
    if (helloDue) return;
    const wait = resyncAt + RESYNC_EVERY_MS - now();
    helloDue = true;
    later(() => {
      helloDue = false;
      resyncAt = now();
      hello(null);
    }, Math.max(0, wait));
  }

  /* Says what we hold. The answer to a frame that is still the newest is a beat, and a beat knows what time it is. */
  function askTime() {
    hello(options.seq());
  }

  /* What the screen shows, said every 10 s for as long as somebody calls this, which is cheap at each drawing: a screen that says nothing has
     stopped drawing, so it is said of an old frame too. `facts`: more members of the message. Whether this line is open and can carry it. */
  function painted(seq, facts) {
    if (!line.open || seq === null) return false;
    if (now() - paintedAt < PAINTED_EVERY_MS) return true;
    paintedAt = now();
    say(Object.assign({ type: "painted", seq }, facts));
    return true;
  }

  /* Ends this line and tries again at once: after sleep, or when the watchdog bites. */
  function renew() {
    const old = socket;
    if (old === null) return;
    lose(old, 0);
    old.close();
  }

  function watch() {
    if (ended) return;
    if (socket !== null && now() - aliveAt > SILENT_AFTER_MS) renew();
    later(watch, 1000);
  }

  function end() {
    ended = true;
    const old = socket;
    socket = null;
    if (old !== null) old.close();
  }

  open();
  later(watch, 1000);
  return { line, resync, askTime, painted, renew, end };
}
