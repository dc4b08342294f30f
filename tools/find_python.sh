#!/bin/sh
# Print the path of a Python that can make the project's environment.
#
#   sh tools/find_python.sh              the first that fits: on PATH, then in ~/.pyenv
#   sh tools/find_python.sh PROGRAM      this one, if it fits
#   sh tools/find_python.sh --only 3.12  the first of exactly this version
#
# Candidates are run, not looked at: version managers leave commands on PATH that only print an error.
set -eu

fits() { # PROGRAM [VERSION]
    "$1" - "${2:-}" <<'PYTHON' 2>/dev/null
import sys
wanted = sys.argv[1] or "%d.%d" % sys.version_info[:2]
if sys.version_info < (3, 11) or "%d.%d" % sys.version_info[:2] != wanted:
    sys.exit(1)
import ensurepip, venv
print(sys.executable)
PYTHON
}

if [ "${1:-}" != "" ] && [ "$1" != "--only" ]; then
    fits "$1" && exit 0
    echo "$1 is not a Python of 3.11 or later with the modules venv and ensurepip" >&2
    exit 1
fi

only="${2:-}"
pyenv="${PYENV_ROOT:-$HOME/.pyenv}/versions"
if [ -n "$only" ]; then
    candidates="python$only python3 python $pyenv/$only*/bin/python"
else
    # Versions that the tests cover come first; a newer one is taken only if none of them is there.
    candidates="python3.13 python3.12 python3.11
        $pyenv/3.13*/bin/python $pyenv/3.12*/bin/python $pyenv/3.11*/bin/python python3 python"
fi
for candidate in $candidates; do
    fits "$candidate" "$only" && exit 0
done
echo "No Python ${only:-of 3.11 or later} with the modules venv and ensurepip was found (looked for:" \
    $candidates"). Install one from https://www.python.org/downloads/ (on Debian and Ubuntu with" \
    "python3-venv), or name one: make PYTHON=/path/to/python" >&2
exit 1
