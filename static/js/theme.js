/* Dark or light, before the first paint, so that no page flashes. A plain script, loaded first.
   What the person chose on this machine wins; else the system's wish; else dark. `queuelightTheme.toggle()` chooses the other one. */
(function () {
  "use strict";
  const KEY = "queuelight-theme";
  const root = document.documentElement;
  const light = matchMedia("(prefers-color-scheme: light)");

  function chosen() {
    try {
      const kept = localStorage.getItem(KEY);
      return kept === "dark" || kept === "light" ? kept : null;
    } catch (error) {                    // storage switched off: then the system decides
      return null;
    }
  }

  function apply() {
    root.dataset.theme = chosen() || (light.matches ? "light" : "dark");
  }

  function toggle() {
    root.dataset.theme = root.dataset.theme === "light" ? "dark" : "light";
    try {
      localStorage.setItem(KEY, root.dataset.theme);
    } catch (error) {                    // then the choice holds for this page alone
      root.dataset.themeKept = "no";
    }
  }

  light.addEventListener("change", apply);
  window.queuelightTheme = { toggle: toggle };
  apply();
})();
