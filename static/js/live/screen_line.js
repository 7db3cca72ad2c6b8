/* The line of a paired screen: what it is to show, and orders to it (docs/wire-protocol.md, /ws/screen/). DOM-free.

   In:  the address, and what to do with each order. Out: the line itself (live/socket.js), whose `line.refused` says that this screen was removed.
   A page that another version is served for, and a person who presses Reload, send the same message; the first comes as an answer to hello. */

import { connect } from "./socket.js";

/* orders: assigned({name, items, preempts}), flash({seconds, text}), reload(order), changed(). `options`: as of connect(). */
export function followScreen(options, orders) {
  let greeted = false;

  const link = connect(Object.assign({}, options, {
    seq: () => null,
    onLine: (line) => {
      greeted = false;
      orders.changed(line);
    },
    onMessage: (message) => {
      if (message.type === "screen" && Array.isArray(message.items)) {
        orders.assigned({ name: String(message.name || ""), items: message.items.filter(isItem), preempts: message.preempts !== false });
      } else if (message.type === "flash") {
        orders.flash({ seconds: Math.min(60, Math.max(1, Number(message.seconds) || 10)), text: String(message.text || "") });
      } else if (message.type === "reload") {
        orders.reload(greeted);
      } else if (message.type === "bye") {
        orders.changed(link.line);
      }
      if (message.type === "beat") greeted = true;
    },
  }));
  return link;
}

function isItem(item) {
  return Boolean(item) && typeof item.slug === "string" && item.slug !== "";
}
