"""The box: each letter once, newest first, bounded, its owner's alone."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

from dashboard.alerts import box as box_module
from dashboard.alerts.box import Box
from dashboard.alerts.delivery_types import TransportError

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def letter(subject: str = "Longest wait 7:42") -> bytes:
    message = EmailMessage()
    message["Subject"], message["To"], message["Date"] = subject, "dana@example.com", format_datetime(AT)
    message.set_content("Plain ≥ 3:00")
    message.add_alternative("<p>HTML</p>", subtype="html")
    return message.as_bytes()


def own_id(number: int) -> str:
    return f"<{number:032x}@wall.example.com>"


def test_letter_is_read_back_as_it_was(tmp_path: Path) -> None:
    box = Box(tmp_path / "mail")
    assert box.put(own_id(1), letter())
    kept = box.latest(5)[0]
    assert (kept.to, kept.subject, kept.at, kept.text.strip(), kept.html.strip()) == (
        "dana@example.com",
        "Longest wait 7:42",
        AT,
        "Plain ≥ 3:00",
        "<p>HTML</p>",
    )
    assert box.get(kept.name) == kept


def test_same_letter_again_is_kept_once(tmp_path: Path) -> None:
    box = Box(tmp_path)
    assert [box.put(own_id(1), letter()), box.put(own_id(1), letter("another"))] == [True, False]
    assert [kept.subject for kept in box.latest(5)] == ["Longest wait 7:42"]


def test_same_letter_from_many_at_once_is_kept_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: Box(tmp_path).put(own_id(1), letter()), range(16)))
    assert made.count(True) == 1
    assert [path.name for path in tmp_path.iterdir()] == [f"{1:032x}.eml"]


def test_letter_with_another_id_has_a_file_of_a_safe_name(tmp_path: Path) -> None:
    Box(tmp_path).put("<../../etc/passwd>", letter())
    assert [path.parent for path in tmp_path.rglob("*.eml")] == [tmp_path]


def test_box_keeps_the_newest_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box_module, "KEPT", 3)
    box = Box(tmp_path)
    for number in range(5):
        box.put(own_id(number), letter(f"letter {number}"))
        os.utime(tmp_path / f"{number:032x}.eml", (number, number))
    box.put(own_id(9), letter("letter 9"))
    assert [kept.subject for kept in box.latest(10)] == ["letter 9", "letter 4", "letter 3"]


def test_box_is_its_owners_alone(tmp_path: Path) -> None:
    Box(tmp_path / "mail").put(own_id(1), letter())
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "mail", *(tmp_path / "mail").iterdir())]
    assert modes == [0o700, 0o600]


def test_folder_that_cannot_be_made_fails_the_hand_over(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file in its place")
    with pytest.raises(TransportError, match="cannot be written") as found:
        Box(tmp_path / "mail").put(own_id(1), letter())
    assert found.value.whole_server


def test_damaged_letter_is_left_out(tmp_path: Path) -> None:
    box = Box(tmp_path)
    (tmp_path / f"{1:032x}.eml").write_bytes(b"Content-Type: text/plain; charset=nonsense\nDate: never\n\nx")
    box.put(own_id(2), letter())
    assert [kept.name for kept in box.latest(5)] == [f"{2:032x}"]


@pytest.mark.parametrize("name", ["../secret", "x", "", "0" * 31, "G" * 32])
def test_name_that_is_none_gives_no_letter(tmp_path: Path, name: str) -> None:
    assert Box(tmp_path).get(name) is None
