#!/bin/sh
# Resolves pyproject.toml into the two locked files, for every platform, with hashes and without addresses or options.
# Versions that still fit stay as they are; `make lock UPGRADE=1` takes the newest.
set -eu
cd "$(dirname "$0")/.."
command -v uv >/dev/null 2>&1 || { echo "queuelight: make lock needs uv." >&2; exit 1; }
upgrade=
[ -z "${UPGRADE:-}" ] || upgrade=--upgrade
lock() {
    # shellcheck disable=SC2086  # an empty option must vanish
    uv pip compile pyproject.toml --quiet --universal --generate-hashes --python-version 3.11 \
        --custom-compile-command "make lock" --no-emit-index-url $upgrade "$@"
}
lock --output-file requirements.txt
lock --group dev --constraint requirements.txt --output-file requirements-dev.txt
