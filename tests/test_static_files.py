"""What a browser gets of our own scripts and styles: without comments and indentation, and otherwise unchanged."""

from __future__ import annotations

import re
from pathlib import Path

from config.static import lean

STATIC = Path(__file__).resolve().parent.parent / "static"


def test_comments_and_indentation_go_and_nothing_else() -> None:
    text = (
        '/* a\n   b */\nlet url = "http://x"; // gone: it\'s a comment\n  // gone\n\n/* kept */ go();\n  /* gone */\n  end(/* kept */);\n'
        'a = "x // kept"; b = \'it"s // kept\';\n  color: red;   /* gone */\ncontent: "a /* kept */";\n'
    )
    assert lean(text) == (
        'let url = "http://x";\n/* kept */ go();\nend(/* kept */);\n'
        'a = "x // kept"; b = \'it"s // kept\';\ncolor: red;\ncontent: "a /* kept */";\n'
    )


def test_every_file_of_ours_keeps_its_code() -> None:
    """Each line of code is there as it was, but for a comment behind it. No text goes over several lines: its indentation would count."""
    for path in [*STATIC.glob("js/**/*.js"), *STATIC.glob("css/**/*.css")]:
        kept = lean(path.read_text()).splitlines()
        whole = [line.strip() for line in path.read_text().splitlines() if line.strip()]
        place, inside = 0, False
        for line in whole:
            same = place < len(kept) and (line == kept[place] or re.fullmatch(re.escape(kept[place]) + r"\s+(//.*|/\*.*\*/)", line))
            if same and not inside:
                place += 1
                assert kept[place - 1].count("`") % 2 == 0, f"{path.name}: a template over several lines: {line}"
                continue
            assert inside or line.startswith(("/*", "//")), f"{path.name}: {line}"  # a line that goes begins, continues or ends a comment
            inside = (inside or line.startswith("/*")) and "*/" not in line
        assert place == len(kept), path.name
        assert not inside, path.name
