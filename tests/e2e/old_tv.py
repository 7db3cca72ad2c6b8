"""A real Chromium 79, the browser of a TV of 2020, and just enough of its DevTools protocol to open a page and read it.

In:  the folder to keep the browser in. Out: a browser, or `Unavailable` with the reason. The browser is the one that the npm package
chrome-aws-lambda 2.0.1 carries; it is fetched once with `npm pack` and checked against its digest. Linux on x86_64 only.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from websockets.sync.client import ClientConnection, connect

PACKAGE = "chrome-aws-lambda@2.0.1"
SHA256 = "ca95e02cf2cd31b283ca0192109b7b55877589ea0d7003e6673857fd08d3718a"
UNPACK = """
const fs = require("fs"), zlib = require("zlib"), [from, to] = process.argv.slice(1);
fs.writeFileSync(to + "/chromium", zlib.brotliDecompressSync(fs.readFileSync(from + "/chromium.br")), { mode: 0o755 });
fs.writeFileSync(to + "/aws.tar", zlib.brotliDecompressSync(fs.readFileSync(from + "/aws.tar.br")));
"""


class Unavailable(Exception):
    """The old browser cannot be had on this machine; the text says why."""


def browser_folder(tools: Path) -> Path:
    """Where the unpacked browser is, fetched if need be."""
    folder = tools / "chromium-79"
    if (folder / "chromium").is_file():
        return folder
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise Unavailable("Chromium 79 is for Linux on x86_64")
    for program in ("npm", "node"):
        if shutil.which(program) is None:
            raise Unavailable(f"{program} is not installed, and Chromium 79 comes from npm")
    work = tools / f"fetching-{os.getpid()}"
    work.mkdir(parents=True, exist_ok=True)
    try:
        packed = subprocess.run(["npm", "pack", PACKAGE, "--silent"], cwd=work, capture_output=True, text=True, timeout=240, check=False)
        archives = list(work.glob("*.tgz"))
        if packed.returncode or not archives:
            raise Unavailable(f"npm pack {PACKAGE} failed")
        if hashlib.sha256(archives[0].read_bytes()).hexdigest() != SHA256:
            raise Unavailable(f"{PACKAGE} is not the package that this test knows")
        with tarfile.open(archives[0]) as archive:
            archive.extractall(work, filter="data")
        subprocess.run(["node", "-e", UNPACK, str(work / "package" / "bin"), str(work)], check=True, timeout=120)
        with tarfile.open(work / "aws.tar") as archive:
            archive.extractall(work, filter="data")
        for left in (archives[0], work / "aws.tar"):
            left.unlink()
        shutil.rmtree(work / "package")
        work.rename(folder)
    except subprocess.SubprocessError as error:
        raise Unavailable(f"Chromium 79 could not be unpacked ({type(error).__name__})") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return folder


class OldTv:
    """One page of a running Chromium 79. `errors`: what its scripts threw and its console called an error."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._last = 0
        self.errors: list[str] = []
        for domain in ("Page", "Runtime", "Log"):
            self._call(f"{domain}.enable")

    def open(self, address: str, width: int, height: int) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._call("Emulation.setDeviceMetricsOverride", size)
        self._call("Page.navigate", {"url": address})

    def evaluate(self, expression: str) -> Any:
        answer = self._call("Runtime.evaluate", {"expression": expression, "returnByValue": True, "awaitPromise": True})
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"].get("exception", {}).get("description", "an exception"))
        return answer["result"].get("value")

    def wait_for(self, expression: str, timeout_s: float = 20.0) -> None:
        """AssertionError when `expression` does not come true in time."""
        deadline = time.monotonic() + timeout_s
        while not self.evaluate(expression):
            assert time.monotonic() < deadline, f"never true: {expression}; errors: {self.errors}"
            time.sleep(0.1)

    def screenshot(self) -> str:
        """A PNG, in base64."""
        return str(self._call("Page.captureScreenshot")["data"])

    def _call(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": params or {}}))
        while True:
            message = json.loads(self._socket.recv(timeout=30))
            if message.get("id") == self._last:
                assert "error" not in message, message["error"]
                return dict(message.get("result", {}))
            self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        params = message.get("params", {})
        if message.get("method") == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description") or details["text"])
        elif message.get("method") == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.errors.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")


@contextmanager
def old_tv(folder: Path, profile: Path) -> Iterator[OldTv]:
    """A running browser with one empty page; ended at the end."""
    command = [
        str(folder / "chromium"),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--single-process",
        "--no-zygote",
        "--hide-scrollbars",
    ]
    command += ["--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"]
    environment = {**os.environ, "LD_LIBRARY_PATH": str(folder / "lib"), "HOME": str(profile)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        with connect(_page_address(process.stderr, profile), max_size=None, open_timeout=20) as socket:
            yield OldTv(socket)
    finally:
        process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


def _page_address(stderr: IO[str], profile: Path) -> str:
    """The page's DevTools address: the browser's own stands on its standard error, the page's in its list of targets."""
    import httpx

    for line in stderr:
        if found := re.search(r"ws://([^/]+)/devtools/browser", line):
            pages = httpx.get(f"http://{found[1]}/json/list", timeout=20).json()
            return str(next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page"))
    raise Unavailable(f"Chromium 79 did not start (profile {profile.name})")
