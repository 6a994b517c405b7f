#!/bin/sh
# backup.sh FOLDER ARCHIVES KEEP: packs a folder and keeps so many archives, the newest.
set -eu
folder=$1 archives=$2 keep=$3

mkdir -p "$archives"
number=$(ls "$archives" | sed -n 's/^\([0-9]*\)\.tar\.gz$/\1/p' | sort -n | tail -n 1)
archive=$archives/$(printf '%06d' $((1${number:-000000} - 1000000 + 1))).tar.gz

# Packed under another name first: a backup that was cut off never looks like one.
tar -czf "$archive.part" -C "$folder" .
mv "$archive.part" "$archive"

ls "$archives" | grep '\.tar\.gz$' | sort -r | tail -n "+$((keep + 1))" | while read -r old; do
  rm "$archives/$old"
done
echo "$archive"
