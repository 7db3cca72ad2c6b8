/* <ql-tile-image>: a picture that somebody uploaded. In: options image (digest), about, fit. Out: the picture; where there is none, or it
   does not come, a sentence that says so. */

import { attribute, element, flag, text } from "../elements/write.js";
import { say } from "../live/words.js";
import { linesOf } from "../wall/lines.js";
import { Tile } from "../wall/tile.js";

const RETRY_MS = 60000;

class TileImage extends Tile {
  build() {
    this.image = element("img");
    this.says = element("p", "says");
    this.says.dir = "auto";
    this.state = this.options.image ? "coming" : "none";
    this.image.alt = this.options.about || "";
    this.image.hidden = true;
    this.appendChild(this.image);
    this.appendChild(this.says);
    flag(this, "is-cover", this.options.fit === "cover");
    if (this.options.image) this.load();
  }

  load() {
    const image = this.image;
    image.onload = () => this.become(image, "shown");
    image.onerror = () => {
      this.become(image, "missing");
      setTimeout(() => { if (this.isConnected && image === this.image) this.load(); }, RETRY_MS);
    };
    image.src = "/images/" + this.options.image + "/";
  }

  become(image, state) {
    if (image !== this.image) return;
    this.state = state;
    image.hidden = state !== "shown";
    if (this.room) this.tell();
  }

  tell() {
    const said = { none: say("image.none"), missing: say("image.missing") }[this.state] || "";
    text(this.says, said && this.options.about ? said + " " + this.options.about : said);
    attribute(this.says, "hidden", said ? null : "");
  }

  draw() {
    this.tell();
    flag(this, "is-plain", true);
    flag(this, "is-bare", this.state === "shown");
    let size = this.type.note;
    while (size > .6 && linesOf([this.says.textContent], this.box.w / size - 1.5) * size * 1.3 > this.box.h - 1.6 * size) size *= .92;
    this.size("fs-says", size);
  }
}

customElements.define("ql-tile-image", TileImage);
