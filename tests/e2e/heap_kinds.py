"""What is on a page's heap, by kind, from a heap snapshot of the browser's own.

In:  the page's CDP session, with its HeapProfiler enabled. Out: `Heap`. A snapshot begins with a full collection: garbage is not counted.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession

# V8's names of the kinds of what its compilers made: bytecode, machine code, feedback, and the arrays that belong to them.
CODE = "code"


@dataclass(frozen=True, slots=True)
class Heap:
    """Bytes. `code_bytes`: what the compilers made of the page's scripts. `live_bytes`: all else, the page's objects, strings, arrays and
    closures, and the browser's own of nodes and styles. `by_name`: the bytes of each constructor, to say what grew."""

    live_bytes: int
    code_bytes: int
    by_name: Counter[str]

    def grew(self, before: Heap) -> list[tuple[str, int]]:
        """The constructors that hold more than before, the greediest first."""
        return (self.by_name - before.by_name).most_common(12)


def heap_of(tools: CDPSession) -> Heap:
    chunks: list[str] = []

    def take(event: dict[str, Any]) -> None:
        chunks.append(event["chunk"])

    tools.on("HeapProfiler.addHeapSnapshotChunk", take)
    tools.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    tools.remove_listener("HeapProfiler.addHeapSnapshotChunk", take)
    snapshot = json.loads("".join(chunks))
    fields = snapshot["snapshot"]["meta"]["node_fields"]
    kinds = snapshot["snapshot"]["meta"]["node_types"][0]
    nodes, strings, wide = snapshot["nodes"], snapshot["strings"], len(fields)
    kind_at, name_at, size_at = fields.index("type"), fields.index("name"), fields.index("self_size")
    sums: Counter[str] = Counter()
    by_name: Counter[str] = Counter()
    for start in range(0, len(nodes), wide):
        kind, size = kinds[nodes[start + kind_at]], nodes[start + size_at]
        sums[kind] += size
        # a string's name is its text: all of them are one line here
        by_name[kind if "string" in kind else f"{kind} {strings[nodes[start + name_at]][:60]}"] += size
    return Heap(live_bytes=sum(sums.values()) - sums[CODE], code_bytes=sums[CODE], by_name=by_name)
