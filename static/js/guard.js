/* Watches over the wall's modules from outside them: a plain script, loaded first, that works when they fail to load or throw.

   In: errors of the page, and wall.js calling started(). Out: `queuelightGuard.failed`, the NOT LIVE band's words, and a reload.
   A reload is made only when the server gives the page: a browser's own error page would never come back.
   Chromium 79 syntax, and no syntax newer than ES2015, so that it runs wherever the modules do not. */
(function () {
  "use strict";
  var START_WITHIN_MS = 20000;
  var FIRST_WAIT_MS = 10000;
  var LAST_WAIT_MS = 600000;
  var KEY = "queuelight-reloads";
  var guard = { failed: false, started: started, reload: reload };
  var running = false;
  var reloading = false;

  /* How often in a row this page was reloaded for an error: waits double, so that a page that fails at once does not spin. */
  function reloads() {
    try {
      var kept = JSON.parse(sessionStorage.getItem(KEY) || "{}");
      return Date.now() - (kept.at || 0) < 2 * LAST_WAIT_MS ? kept.count || 0 : 0;
    } catch (error) {                    // storage switched off: every wait is then the first one
      return 0;
    }
  }

  function remember(count) {
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ count: count, at: Date.now() }));
    } catch (error) {
      guard.forgetful = true;
    }
  }

  function started() {
    running = true;
  }

  function fail() {
    guard.failed = true;
    if (document.body) {
      document.body.setAttribute("data-live", "no");
      var words = sentence();
      each(".wall-view", function (view) { view.setAttribute("data-live", "no"); });
      each("ql-notice .why", function (why) { why.textContent = words; });
    }
    var count = reloads();
    later(Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * Math.pow(2, count)), function () { remember(count + 1); });
  }

  function each(selector, run) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), run);
  }

  /* In the words that the page carries, where it carries some. */
  function sentence() {
    try {
      var words = JSON.parse(document.getElementById("words").textContent);
      if (words["notice.page"]) return words["notice.page"] + " " + words["notice.reloads"];
    } catch (error) {
      guard.wordless = true;
    }
    return "This page has failed. It reloads itself in a moment.";
  }

  function later(wait, before) {
    if (reloading) return;
    reloading = true;
    setTimeout(function () {
      reloading = false;
      if (before) before();
      reload();
    }, wait);
  }

  /* Loads the page anew as soon as the server gives it. */
  function reload() {
    fetch(location.href, { cache: "no-store", credentials: "same-origin" }).then(function (answer) {
      if (answer.ok) location.reload();
      else later(5000);
    }, function () {
      later(5000);
    });
  }

  window.queuelightGuard = guard;
  /* Not an error of the page, though the browser reports it as one: sizes that changed while sizes were told are told with the next picture. */
  function is_notice(event) {
    return String(event.message).indexOf("ResizeObserver loop") === 0;
  }

  window.addEventListener("error", function (event) { if (!is_notice(event)) fail(); });
  window.addEventListener("unhandledrejection", fail);
  setTimeout(function () { if (!running) fail(); }, START_WITHIN_MS);
})();
