#!/bin/sh
# release-notes.sh CHANGELOG VERSION: prints the section of a version, without its heading. Exits with 1 when there is none.
set -eu
awk -v version="$2" '
  /^## / { inside = ($2 == version); found = found || inside; next }
  inside { lines[++count] = $0 }
  END {
    first = 1
    while (first <= count && lines[first] == "") first++
    while (count >= first && lines[count] == "") count--
    for (n = first; n <= count; n++) print lines[n]
    exit !found
  }
' "$1"
