/* Brings a module that no first picture needs, when there is one. Chromium 79 syntax only.

   In:  its address (the page carries it, with its hashed name) and what to do with it. Out: the module, as often tried as it takes: a line
   that breaks just then must not leave a TV without sound for months. */

const RETRY_MS = 30000;

export function bringLater(address, use) {
  let attempt = 0;

  function bring() {
    // A browser keeps a failed import for good; another query is another module to it.
    const wanted = attempt === 0 ? address : address + "?again=" + attempt;
    attempt += 1;
    import(wanted).then(use, (error) => {
      console.warn("Queuelight: " + address + " did not come:", error.message);
      setTimeout(bring, RETRY_MS);
    });
  }

  bring();
}
