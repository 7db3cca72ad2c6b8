/* Brings the vendored chart library, once, after the first paint. In: its address. Out: a promise of `Plotly`. */

let loading = null;

/* A rejected promise may be asked again: a TV that was offline for a moment gets its chart later. */
export function loadPlotly(address) {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  if (loading === null) {
    loading = new Promise((resolve, reject) => {
      const restore = tolerateUnknownRules();
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => { restore(); resolve(window.Plotly); };
      script.onerror = () => { restore(); loading = null; script.remove(); reject(new Error("the chart library did not load")); };
      document.head.appendChild(script);
    });
  }
  return loading;
}

/* Plotly 4 adds its style rules one by one while it loads, and in Chromium 79 `:focus-visible` makes insertRule throw, which ends the
   whole library. In a style sheet a browser skips a rule it does not know; so it does here, for as long as the library loads. */
function tolerateUnknownRules() {
  const original = CSSStyleSheet.prototype.insertRule;
  CSSStyleSheet.prototype.insertRule = function insertRule(rule, index) {
    try {
      return original.call(this, rule, index);
    } catch (error) {
      if (error.name !== "SyntaxError") throw error;
      return original.call(this, ".ql-unknown-rule{}", index);
    }
  };
  return () => { CSSStyleSheet.prototype.insertRule = original; };
}
