/* JSON Merge Patch (RFC 7386), as dashboard/live/patch.py makes it. In: a document and a patch. Out: a new document.
   Neither argument is changed, so a part that a patch leaves alone stays the same object and `===` tells what is new.
   DOM-free; must not know what a frame is. */

function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/* `null` in a patch deletes the key; arrays are replaced as a whole. */
export function applyPatch(target, patch) {
  if (!isObject(patch)) return patch;
  const merged = isObject(target) ? Object.assign({}, target) : {};
  for (const key of Object.keys(patch)) {
    if (patch[key] === null) delete merged[key];
    else {
      // defineProperty: a key named "__proto__" is data here, not the prototype
      Object.defineProperty(merged, key, {
        value: applyPatch(Object.prototype.hasOwnProperty.call(merged, key) ? merged[key] : undefined, patch[key]),
        enumerable: true, configurable: true, writable: true,
      });
    }
  }
  return merged;
}
