/* A form that came back: its sentence has the keyboard (autofocus in the page); the address becomes the page's own again, so that what is asked
   for anew, and "Reload", is the page as it is then. What was typed is kept by draft.js.

   In: the address. Out: the same without the draft's token. */

export function settle() {
  const address = new URL(location.href);
  if (!address.searchParams.has("draft")) return;
  address.searchParams.delete("draft");
  history.replaceState(history.state, "", address.href);
}
