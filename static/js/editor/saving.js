/* Saving a board: what the server answers, and what somebody can do then. Two who save at once choose; nothing of either is lost.

   In:  `state()`, the server, signs, drafts, the revision that was opened. Out: `save()`, `isDirty()`, `begin()` for a draft that was kept;
   `take(state)` is called when another state shall be shown. */

export function createSaving({ server, drafts, signs, start, state, take, changed, explain }) {
  let revision = start.revision;
  let saved = { widgets: start.widgets, distance_m: start.distance_m };
  let kept = JSON.stringify([start.widgets, start.distance_m]);     // the same as the server has it, options filled in
  let isSaving = false, isGone = false, refused = "";

  const isDirty = () => JSON.stringify(state()) !== JSON.stringify(saved);

  function remember() {
    if (refused !== "" && refused !== JSON.stringify(state())) {
      refused = "";                     // what the sentence named has changed since; the tiles' own remarks say what is still wrong
      signs.clear("save");
    }
    if (isDirty()) drafts.keep(revision, state());
    else drafts.drop();
  }

  async function save(upon = revision) {
    if (isSaving || isGone) return;
    isSaving = true;
    refused = "";
    signs.clear("save");
    changed();
    const sent = state();
    const found = await server.save({ ...sent, revision: upon });
    isSaving = false;
    if (found.status === 200) done(found, sent);
    else if (found.status === 409) ask(found.theirs);
    else if (found.status === 422) {
      refused = JSON.stringify(sent);
      signs.ask("save", `Not saved yet. ${explain(found)}`, []);
    }
    else signs.ask("save", signs.failure(found), []);
    isGone = found.status === 410;
    changed();
  }

  function done(found, sent) {
    drafts.drop();
    revision = found.revision;
    saved = sent;
    kept = JSON.stringify([found.widgets, sent.distance_m]);
    remember();
    const count = found.screens.length;
    signs.say(count ? `Saved. It is on ${count === 1 ? "its screen" : `its ${count} screens`} now.` : "Saved.");
  }

  function ask(theirs) {
    if (JSON.stringify([theirs.widgets, theirs.distance_m]) === kept) {
      save(theirs.revision);            // somebody saved the settings: the tiles are those that this editor began with
      return;
    }
    const what = `${theirs.by || "Somebody"} saved this board at ${theirs.when}, after you opened it.`;
    signs.ask("save", `${what} Nothing is lost: choose which version stays.`, [
      ["Keep mine", () => save(theirs.revision)],
      ["Take theirs", () => {
        revision = theirs.revision;
        saved = { widgets: theirs.widgets, distance_m: theirs.distance_m };
        kept = JSON.stringify([theirs.widgets, theirs.distance_m]);
        signs.clear("save");
        take(saved);
        remember();
        signs.say("This is their version now. Undo brings yours back.");
      }],
    ]);
  }

  /* What was not saved when the tab was closed: of this very version at once, of an earlier one after a question. */
  function begin() {
    const draft = drafts.newest();
    if (draft === null) return;
    const drop = () => {
      drafts.drop();
      signs.clear("draft");
    };
    if (draft.revision === revision) {
      take(draft.state);
      signs.ask("draft", `What you had not saved ${signs.when(draft.at)} is here again.`, [["Throw it away", () => {
        take(saved);
        drop();
      }]]);
      return;
    }
    signs.ask("draft", `You had changes to an earlier version of this board, ${signs.when(draft.at)}. Somebody has saved it since.`, [
      ["Take my changes", () => {
        take(draft.state);
        signs.clear("draft");
      }],
      ["Throw them away", drop],
    ]);
  }

  const word = () => (isSaving ? "saving" : isDirty() ? "changed" : "saved");

  return { save: () => save(), begin, remember, isDirty: () => isDirty() && !isGone, word };
}
