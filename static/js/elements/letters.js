/* <ql-letters>: the newest letters of the box, where no mail server is set. In: `data-latest`, the address of their JSON, asked now and
   then while the page is looked at. Out: rows that lead to the letter. Without an answer the rows stay as they are. */

import { element, text } from "./write.js";

const EVERY_MS = 5000;

class QlLetters extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("ol");
    this.none = this.querySelector(".none");
    this.timer = setTimeout(() => this.ask(), EVERY_MS);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  ask() {
    if (document.hidden) {               // nobody looks: a tab may be left open for weeks
      this.timer = setTimeout(() => this.ask(), EVERY_MS);
      return;
    }
    const asked = fetch(this.dataset.latest, { credentials: "same-origin" });
    asked.then((answer) => (answer.ok && !answer.redirected ? answer.json() : null)).then((answer) => {
      if (answer !== null) this.show(answer.letters);
    }, () => {
      // The server is away: the page says so in its band.
    }).then(() => {
      this.timer = setTimeout(() => this.ask(), EVERY_MS);
    });
  }

  show(letters) {
    const now = letters.map((each) => each.name).join();
    if (now === this.shown) return;
    this.shown = now;
    this.none.hidden = letters.length > 0;
    this.list.replaceChildren(...letters.map((letter) => {
      const link = element("a"), to = element("span", "to"), at = element("time", "num");
      link.href = this.dataset.base + letter.name + "/";
      link.dir = to.dir = "auto";
      text(link, letter.subject || "(no subject)");
      text(to, letter.to);
      text(at, letter.at);
      return element("li", "", link, to, at);
    }));
  }
}

customElements.define("ql-letters", QlLetters);
