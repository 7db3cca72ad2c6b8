"""A speech dispatcher of one test alone, with espeak-ng's voices, that speaks into nothing: this machine may have no loudspeaker.

In:  a folder to work in. Out: what a browser's environment needs to find it. `Unavailable` where Debian's packages are not installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SETTINGS = Path("/etc/speech-dispatcher/modules/espeak-ng.conf")
PACKAGES = "speech-dispatcher speech-dispatcher-espeak-ng"
STARTS_WITHIN_S = 30.0


class Unavailable(Exception):
    """There is no such thing on this machine; the text says what is missing."""


@contextmanager
def real_voices(folder: Path) -> Iterator[Mapping[str, str]]:
    program = shutil.which("speech-dispatcher")
    data = next(Path("/usr").glob("lib/*/espeak-ng-data"), None) or next(Path("/usr/share").glob("espeak-ng-data"), None)
    if program is None or data is None or not SETTINGS.is_file():
        raise Unavailable(f"no voices on this machine (Debian: apt-get install {PACKAGES})")
    (folder / ".asoundrc").write_text("pcm.!default { type null }\nctl.!default { type null }\n")
    modules = folder / "settings" / "modules"
    modules.mkdir(parents=True)
    (modules / SETTINGS.name).write_text(SETTINGS.read_text())
    lines = ["LogLevel 0", 'AudioOutputMethod "alsa"', f'AddModule "espeak-ng" "sd_espeak-ng" "{SETTINGS.name}"', "DefaultModule espeak-ng"]
    (folder / "settings" / "speechd.conf").write_text("\n".join(lines) + "\n")
    _voices_alone(data, folder / "espeak-ng-data")
    address = folder / "speech-dispatcher" / "speechd.sock"  # where its clients look first
    address.parent.mkdir()
    command = [program, "--run-single", "--communication-method", "unix_socket", "--socket-path", str(address)]
    command += ["--config-dir", str(folder / "settings"), "--pid-file", str(folder / "voice.pid"), "--log-dir", str(folder)]
    environment = {**os.environ, "HOME": str(folder), "ESPEAK_DATA_PATH": str(folder)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + STARTS_WITHIN_S
        while not address.exists():
            assert process.poll() is None, "speech-dispatcher did not start"
            assert time.monotonic() < deadline, "speech-dispatcher opened no socket"
            time.sleep(0.05)
        yield {"XDG_RUNTIME_DIR": str(folder)}
    finally:
        process.terminate()
        process.wait(20)


def _voices_alone(data: Path, to: Path) -> None:
    """espeak-ng's data without its hundred variants: each voice would be listed with each of them, 13,000 in all."""
    (to / "voices").mkdir(parents=True)
    for each in data.iterdir():
        if each.name != "voices":
            (to / each.name).symlink_to(each)
    for each in (data / "voices").iterdir():
        if each.name != "!v":
            (to / "voices" / each.name).symlink_to(each)
