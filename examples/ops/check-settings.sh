#!/bin/sh
# check-settings.sh EXAMPLE ACTUAL: names each setting of EXAMPLE that ACTUAL lacks. Exits with 1 when one is missing.
set -eu
names() { sed -n 's/^\([A-Z_][A-Z0-9_]*\)=.*/\1/p' "$1" | sort -u; }

missing=$(names "$1" | while read -r name; do names "$2" | grep -qx "$name" || echo "$name"; done)
[ -n "$missing" ] || exit 0
echo "$missing"
exit 1
