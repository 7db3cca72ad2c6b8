/* Dark or light, before the first paint, so that no page flashes. A plain script, loaded first.
   Dark, as on the wall, unless the person chose light on this machine: the system's wish is about other programs. `queuelightTheme.toggle()` chooses the other one. */
(function () {
  "use strict";
  const KEY = "queuelight-theme";
  const root = document.documentElement;

  function chosen() {
    try {
      const kept = localStorage.getItem(KEY);
      return kept === "dark" || kept === "light" ? kept : null;
    } catch (error) {                    // storage switched off: then the choice holds for one page
      return null;
    }
  }

  function apply() {
    root.dataset.theme = chosen() || "dark";
  }

  function toggle() {
    root.dataset.theme = root.dataset.theme === "light" ? "dark" : "light";
    try {
      localStorage.setItem(KEY, root.dataset.theme);
    } catch (error) {                    // then the choice holds for this page alone
      root.dataset.themeKept = "no";
    }
  }

  window.queuelightTheme = { toggle: toggle };
  apply();
})();
