"""What a TV loads stays within Chromium 79 and within the page's own policy: no newer syntax, nothing inline, every file there.

A TV opens /wall/, /screen/ and /pair/. The files are read from their templates, the modules from their imports, and those of the kinds of
widgets from the kinds themselves, so that a new one cannot be forgotten.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from dashboard.boards.page import LATER
from dashboard.widgets.registry import KINDS
from dashboard.words.tables import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
TEMPLATES = [
    ROOT / "templates" / "base.html",
    *sorted((ROOT / "templates" / "boards").glob("wall*.html")),
    *(ROOT / "templates" / "screens" / name for name in ("pair.html", "notice.html")),
]
# The kinds' scripts, and what no first picture needs, come by import() from addresses that the page carries; nothing else may do that.
ASKS_LATER = [STATIC / "js" / "wall" / "kinds.js", STATIC / "js" / "tv" / "later.js"]

NEWER_CSS = {
    "cascade layer": r"@layer",
    ":has": r":has\(",
    "container query": r"@container",
    "aspect-ratio": r"(?<!max-)(?<!min-)aspect-ratio\s*:",
    "inset": r"(?<![-\w])inset\s*:",
    ":is, :where": r":(is|where)\(",
    ":focus-visible": r":focus-visible",
    "new colour function": r"color-mix|oklch|oklab|\blab\(|\blch\(",
    "new viewport unit": r"\d[dsl]v[hwb]\b",
    "single transform property": r"[;{]\s*(translate|rotate|scale)\s*:",
    "overflow: clip": r"overflow\s*:\s*clip",
    "content-visibility": r"content-visibility",
    "two-value logical property": r"(margin|padding)-(inline|block)\s*:",
    "@property": r"@property",
    "range media query": r"\((width|height)\s*[<>]=",
    "gap": r"[;{]\s*(row-|column-)?gap\s*:",
    "nesting": r"[;{]\s*&",
    "text-wrap": r"text-wrap",
}
NEWER_JS = {
    "optional chaining": r"\?\.(?!\d)",
    "nullish": r"\?\?",
    "logical assignment": r"\|\|=|&&=",
    "replaceAll": r"\.replaceAll\(",
    "at": r"\.at\(",
    "structuredClone": r"structuredClone",
    "private field": r"\bthis\.#|^\s*(static\s+)?#\w+\s*[=(;]",
    "static block": r"static\s*\{",
    "hasOwn": r"Object\.hasOwn\b",
    "Promise.any": r"Promise\.any\b|allSettled",
    "import()": r"\bimport\(",
    "top-level await": r"^await\b",
    "replaceChildren": r"\.replaceChildren\(",
    "numeric separator": r"\b\d+_\d",
    "WeakRef": r"WeakRef|FinalizationRegistry",
    "lookbehind": r"\(\?<[=!]",
    "HTML from a string": r"innerHTML|outerHTML|insertAdjacentHTML|document\.write",
    "style attribute": r"setAttribute\(\s*[\"']style",
    "eval": r"\beval\(|new Function",
}


def loaded(kind: str) -> list[Path]:
    """Every style sheet ("css") or script ("js") that a TV's pages ask for, modules by their imports, and those of every kind of widget."""
    text = "".join(path.read_text() for path in TEMPLATES)
    todo = [STATIC / name for name in re.findall(r"{% static '([^']+)' %}", text) if name.endswith(f".{kind}") and "vendor/" not in name]
    todo += [STATIC / kind / "widgets" / f"{name}.{kind}" for name in KINDS]
    todo += [STATIC / name for name in LATER.values() if name.endswith(f".{kind}")]
    found: list[Path] = []
    while todo:
        path = todo.pop().resolve()
        if path in found:
            continue
        found.append(path)
        if kind == "js":
            todo += [
                path.parent / name for name in re.findall(r"""^(?:import|export)\b[^;]*?["'](\.[^"']+)["'];""", path.read_text(), re.M)
            ]
    return sorted(found)


def without_comments(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", lambda match: "\n" * match.group().count("\n"), text, flags=re.DOTALL)
    text = re.sub(r"(?m)(^|\s)//.*$", r"\1", text)
    return re.sub(r'url\("data:[^"]*"\)', "url()", text)


def offences(path: Path, rules: dict[str, str]) -> list[str]:
    text = without_comments(path.read_text())
    return [
        f"{path.relative_to(ROOT)}:{text[: match.start()].count(chr(10)) + 1}: {name}: {match.group().strip()}"
        for name, rule in rules.items()
        for match in re.finditer(rule, text, re.M)
    ]


def test_loaded_files_are_all_found() -> None:
    names = {path.name for path in loaded("js")}
    assert {"guard.js", "wall.js", "stage.js", "view.js", "socket.js", "store.js", "agents.js", "chart.js", "patch.js", "pair.js"} <= names
    assert {"tokens.css", "layout.css", "stage.css", "agents.css", "pair.css"} <= {path.name for path in loaded("css")}


@pytest.mark.parametrize("path", loaded("css"), ids=lambda path: path.name)
def test_wall_css_is_within_chromium_79(path: Path) -> None:
    assert offences(path, NEWER_CSS) == []


@pytest.mark.parametrize("path", loaded("js"), ids=lambda path: path.name)
def test_wall_js_is_within_chromium_79_and_writes_no_html(path: Path) -> None:
    rules = {name: rule for name, rule in NEWER_JS.items() if not (name == "import()" and path in ASKS_LATER)}
    assert offences(path, rules) == []


@pytest.mark.parametrize("path", loaded("js"), ids=lambda path: path.name)
def test_wall_modules_import_by_relative_path_with_semicolon(path: Path) -> None:
    for line in path.read_text().splitlines():
        if line.startswith(("import ", "export *")) and '"' in line:
            assert re.search(r'"\.{1,2}/[\w/-]+\.js";$', line), line


def test_wall_modules_have_no_cycle() -> None:
    edges = {
        path: [(path.parent / name).resolve() for name in re.findall(r"""^import\b[^;]*?["'](\.[^"']+)["'];""", path.read_text(), re.M)]
        for path in loaded("js")
    }
    done: set[Path] = set()

    def visit(path: Path, above: tuple[Path, ...]) -> None:
        assert path not in above, f"a cycle through {path.name}"
        if path not in done:
            for below in edges[path]:
                visit(below, (*above, path))
            done.add(path)

    for path in edges:
        visit(path, ())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_wall_templates_have_nothing_inline(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son\w+=", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


def test_live_modules_touch_no_document() -> None:
    for path in loaded("js"):
        if path.parent.name == "live":
            assert not re.search(r"\bdocument\b|\bwindow\b|HTMLElement", without_comments(path.read_text())), path.name


def test_words_need_none_of_the_signs_that_a_first_paint_leaves_out() -> None:
    """A wall in a language of the West loads one typeface for what it says itself; a name with a rarer sign brings another."""
    tokens = (STATIC / "css" / "tokens.css").read_text()
    faces = re.findall(r"src: url\([^)]*?/inter-(\w+)\.woff2.*?unicode-range: ([^;]*);", tokens, re.DOTALL)
    assert [name for name, _ in faces][:2] == ["latin", "signs"]
    pairs = [part.strip().removeprefix("U+").partition("-") for part in faces[1][1].split(",")]
    signs = {chr(code) for first, _, last in pairs for code in range(int(first, 16), int(last or first, 16) + 1)}
    said = {language: set("".join(path.read_text() for path in (STATIC / "words" / language).glob("*.json"))) for language in LANGUAGES}
    assert {language: letters & signs for language, letters in said.items() if letters & signs} == {}


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_wall_files_survive_hashed_names(tmp_path: Path) -> None:
    """The production storage rewrites every import and url(); a module that it missed would stay old on a TV for ever."""
    source = tmp_path / "source"
    for path in [*loaded("js"), *loaded("css"), *(STATIC / "fonts").iterdir(), STATIC / "vendor" / "plotly-basic.min.js"]:
        target = source / path.relative_to(STATIC)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "tests.plain_hashes.PlainHashes"}}
    with override_settings(STATICFILES_DIRS=[source], STATIC_ROOT=tmp_path / "out", STORAGES=storages):
        call_command("collectstatic", verbosity=0, interactive=False)
    modules = [path for path in (tmp_path / "out" / "js").rglob("*.js") if re.search(r"\.[0-9a-f]{12}\.js$", path.name)]
    imports = [(path, name) for path in modules for name in re.findall(r"""import\b[^;]*?["'](\.[^"']+)["'];""", path.read_text())]
    assert {path.name.partition(".")[0] for path, _ in imports} >= {"wall", "board", "causes"}
    for path, name in imports:
        assert re.search(r"\.[0-9a-f]{12}\.js$", name), (path.name, name)
        assert (path.parent / name).is_file()
    (tokens,) = (tmp_path / "out" / "css").glob("tokens.*.css")
    assert re.search(r"inter-latin\.[0-9a-f]{12}\.woff2", tokens.read_text())
