#!/usr/bin/env bash
# Prints a Chromium for the browser tests: one on the PATH, Playwright's own, or Debian's, installed where we may.
set -u
python=${1:-python3}
find_one() {
  for candidate in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$candidate" 2>/dev/null && return 0
  done
  "$python" - <<'EOF' 2>/dev/null
import pathlib, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    path = pathlib.Path(playwright.chromium.executable_path)
print(path) if path.exists() else sys.exit(1)
EOF
}
find_one && exit 0
may=""
if [ "$(id -u)" != 0 ]; then may="sudo -n"; fi
if command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests …" >&2
  { $may apt-get update -qq && DEBIAN_FRONTEND=noninteractive $may apt-get install -y -qq --no-install-recommends chromium; } \
    >/dev/null 2>&1
  find_one && exit 0
fi
echo "The browser tests need Chromium and none was found or could be installed. Install it (apt-get install chromium," \
  "or .venv/bin/playwright install chromium) and run make again." >&2
exit 1
