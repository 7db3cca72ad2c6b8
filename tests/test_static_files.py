"""What a browser gets of our own scripts and styles: without the comments that stand on lines of their own, and otherwise unchanged."""

from __future__ import annotations

import re
from pathlib import Path

from config.static import without_comments

STATIC = Path(__file__).resolve().parent.parent / "static"


def test_comments_on_lines_of_their_own_go_and_nothing_else() -> None:
    text = '/* a\n   b */\nlet url = "http://x"; // kept\n  // gone\n/* kept */ go();\n  /* gone */\nend(/* kept */);\n'
    assert without_comments(text) == 'let url = "http://x"; // kept\n/* kept */ go();\nend(/* kept */);\n'


def test_every_file_of_ours_keeps_its_code() -> None:
    for path in [*STATIC.glob("js/**/*.js"), *STATIC.glob("css/**/*.css")]:
        text = path.read_text()
        kept = without_comments(text)
        gone = [line for line in text.splitlines() if line.strip() and line not in kept.splitlines()]
        inside = False
        for line in gone:  # a line that goes begins, continues or ends a comment
            assert inside or re.match(r"\s*(/\*|//)", line), f"{path.name}: {line}"
            inside = (inside or line.lstrip().startswith("/*")) and "*/" not in line
        assert not inside, path.name
