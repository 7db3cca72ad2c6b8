/* The one copy of the board's picture: frames and patches go in, listeners hear what changed. DOM-free; knows no socket.

   A patch fits only on the frame it was made from (`prev`); any other asks for a whole frame ("resync"). A frame always replaces what
   is held, whatever its number: after a loss of Redis numbers may start anew, and the server knows better. */

import { applyPatch } from "./patch.js";

export function createStore() {
  const listeners = [];
  const store = { seq: null, at: null, frame: null, cause: null, hold, receive, subscribe };

  function subscribe(listener) {
    listeners.push(listener);
  }

  function tell() {
    for (const listener of listeners) listener(store);
  }

  function hold(seq, at, frame) {
    store.seq = seq;
    store.at = at;
    store.frame = frame;
    tell();
  }

  /* Returns frame, patch, beat, resync (say hello again) or ignored. */
  function receive(message) {
    switch (message.type) {
      case "frame":
        hold(message.seq, message.at, message.frame);
        return "frame";
      case "patch":
        if (store.frame !== null && message.seq <= store.seq && message.prev < store.seq) return "ignored";   // a frame overtook it
        if (store.frame === null || message.prev !== store.seq) return "resync";
        hold(message.seq, message.at, applyPatch(store.frame, message.patch));
        return "patch";
      case "beat": {
        const cause = message.cause || null;
        const changed = cause !== store.cause;
        store.cause = cause;
        if (changed) tell();
        // A beat that counts otherwise than we do means that something was lost on the way; 0 means that there is no frame yet.
        return message.seq && message.seq !== store.seq ? "resync" : "beat";
      }
      default:
        return "ignored";
    }
  }

  return store;
}
