#!/usr/bin/env bash
# Prints a Python 3.10 for Rasa's environment: one on the PATH, pyenv's, or one that uv can find or download.
set -u
uv=${1:-uv}
for candidate in python3.10 "$HOME"/.pyenv/versions/3.10*/bin/python /opt/python/3.10*/bin/python3; do
  path=$(command -v "$candidate" 2>/dev/null || true)
  if [ -n "$path" ] && "$path" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; then
    echo "$path"
    exit 0
  fi
done
if "$uv" python install -q 3.10 >/dev/null 2>&1 || "$uv" python find 3.10 >/dev/null 2>&1; then
  "$uv" python find 3.10
  exit 0
fi
echo "Rasa 3.6 needs Python 3.10 and none was found or could be downloaded. Install it (pyenv install 3.10," \
  "or your system's python3.10 package) and run make again." >&2
exit 1
