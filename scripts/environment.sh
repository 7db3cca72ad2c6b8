#!/bin/sh
# Builds .venv from a locked requirements file, with uv where it is installed, else with Python's own venv and pip.
# Does nothing when .venv already holds exactly that file: a second start must be quick.
# Usage: sh scripts/environment.sh requirements.txt|requirements-dev.txt
set -eu
cd "$(dirname "$0")/.."
requirements=$1
stamps=.venv/installed

stop() {
    echo "queuelight: $1" >&2
    exit 1
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if [ -x .venv/bin/python ] && new_enough .venv/bin/python; then
    # requirements-dev.txt holds all of requirements.txt, at the same versions.
    for installed in "$requirements" requirements-dev.txt; do
        if cmp -s "$installed" "$stamps/$installed" && cmp -s requirements.txt "$stamps/requirements.txt"; then
            exit 0
        fi
    done
else
    [ -e .venv ] && echo "The environment in .venv is of no use any more; it is made anew."
    rm -rf .venv
    python=
    for candidate in python3.13 python3.12 python3.11 python3.14 python3; do
        if command -v "$candidate" >/dev/null 2>&1 && new_enough "$candidate"; then
            python=$candidate
            break
        fi
    done
    [ -n "$python" ] || stop "Python 3.11 or newer is needed, and none was found on PATH."
    if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then
        UV_PYTHON_DOWNLOADS=never uv venv --quiet --python "$(command -v "$python")" .venv
    else
        "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
            stop "Python's venv module is missing; on Debian or Ubuntu install it with: apt-get install $("$python" -c 'import sys; print(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")') (or python3-venv)."
        "$python" -m venv .venv || stop "the environment .venv could not be made with $python -m venv."
    fi
fi

echo "Installing the locked requirements into .venv (once) …"
if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then
    uv pip install --quiet --python .venv/bin/python --require-hashes --requirement "$requirements" ||
        stop "the requirements could not be installed; see the lines above."
else
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null 2>&1 ||
        stop "the environment has no pip; remove the folder .venv and start again."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$requirements" ||
        stop "the requirements could not be installed; see the lines above."
fi
mkdir -p "$stamps"
cp "$requirements" "$stamps/$requirements"
cp requirements.txt "$stamps/requirements.txt"
