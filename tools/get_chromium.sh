#!/bin/sh
# Print the path of a Chromium for the tests of the report; install Debian's where there is none.
#
#   sh tools/get_chromium.sh           look, then install
#   sh tools/get_chromium.sh --find    look only
#
# DISPERSAL_CHROMIUM names another browser. Where nothing can be installed, this says so and ends with 0, because
# the other tests do not need it; the tests of the report are then skipped, or fail if CI is set.
set -eu

find_chromium() {
    for name in "${DISPERSAL_CHROMIUM:-}" chromium chromium-browser google-chrome; do
        if [ -n "$name" ] && command -v "$name" 2>/dev/null; then return 0; fi
    done
    return 1
}

find_chromium && exit 0
test "${1:-}" != --find || exit 1

as_root=
if [ "$(id -u)" != 0 ]; then
    as_root="sudo -n"
    $as_root true 2>/dev/null || as_root=no
fi
if [ "$as_root" = no ] || ! command -v apt-get >/dev/null; then
    echo "No Chromium is here and none can be installed without root and apt-get: the tests of the report in a browser" \
        "are skipped. Install chromium, or set DISPERSAL_CHROMIUM to a browser, to run them." >&2
    exit 0
fi
echo "Installing chromium with apt-get for the tests of the report" >&2
export DEBIAN_FRONTEND=noninteractive
if $as_root apt-get update -qq >&2 &&
    $as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null; then
    find_chromium
else
    echo "apt-get could not install chromium: the tests of the report in a browser are skipped." >&2
fi
