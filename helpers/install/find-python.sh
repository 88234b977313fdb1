#!/bin/sh
# Print a Python that the course supports. A name on PATH proves nothing: version
# managers put commands there that only say "not installed". So each is run.
if [ -n "$PYTHON" ]; then
    # No other one in its place: what it lacks is told by the set-up.
    "$PYTHON" -c '' </dev/null >/dev/null 2>&1 && { echo "$PYTHON"; exit 0; }
    echo "workbook: PYTHON=$PYTHON does not run; name a Python 3.11, 3.12 or 3.13." >&2
    exit 1
fi
for candidate in python3.13 python3.12 python3.11 python3 python; do
    "$candidate" -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
        </dev/null >/dev/null 2>&1 && { echo "$candidate"; exit 0; }
done
# None will do: the first that runs at all can say why.
for candidate in python3 python; do
    "$candidate" -c '' </dev/null >/dev/null 2>&1 && { echo "$candidate"; exit 0; }
done
echo "workbook: no Python was found; install Python 3.11, 3.12 or 3.13." >&2
exit 1
