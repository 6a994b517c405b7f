#!/bin/sh
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/data"

for version in 1 2 3; do
  echo "version $version" > "$work/data/orders.txt"
  newest=$(sh backup.sh "$work/data" "$work/archives" 2)
done

echo "only the two newest archives are kept"
[ "$(ls "$work/archives" | tr '\n' ' ')" = '000002.tar.gz 000003.tar.gz ' ]

echo "the newest archive holds the newest version"
[ "$(tar -xzOf "$newest" ./orders.txt)" = 'version 3' ]

echo "a folder that is not there leaves no archive behind"
! sh backup.sh "$work/missing" "$work/archives" 2 2> /dev/null
[ "$(ls "$work/archives" | grep -c '\.gz$')" = 2 ]
