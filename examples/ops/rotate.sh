#!/bin/sh
# rotate.sh LOG KEEP: moves LOG to LOG.1, LOG.1 to LOG.2 and so on; what would become LOG.(KEEP + 1) goes. An empty log stays.
set -eu
log=$1 keep=$2
[ -s "$log" ] || exit 0

rm -f "$log.$keep"
n=$keep
while [ "$n" -gt 1 ]; do
  previous=$((n - 1))
  [ ! -e "$log.$previous" ] || mv "$log.$previous" "$log.$n"
  n=$previous
done
mv "$log" "$log.1"
: > "$log"
