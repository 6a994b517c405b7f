#!/bin/sh
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
log=$work/access.log

for day in monday tuesday wednesday thursday; do
  echo "$day" > "$log"
  sh rotate.sh "$log" 3
done

echo "the newest log is the first"
[ "$(cat "$log.1" "$log.2" "$log.3" | tr '\n' ' ')" = 'thursday wednesday tuesday ' ]

echo "no more than three are kept"
[ ! -e "$log.4" ]

echo "an empty log is not rotated"
sh rotate.sh "$log" 3
[ "$(cat "$log.1")" = thursday ]
