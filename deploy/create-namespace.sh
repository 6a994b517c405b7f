#!/bin/sh
# Makes the namespace TEMPORAL_NAMESPACE once the server of TEMPORAL_ADDRESS answers. Run again it changes nothing.
set -eu

tries=60
until temporal operator cluster health >/dev/null 2>&1; do
  tries=$((tries - 1))
  if [ "$tries" -eq 0 ]; then
    echo "The Temporal server at $TEMPORAL_ADDRESS does not answer." >&2
    exit 1
  fi
  sleep 1
done

# A server that is healthy may still take seconds until it knows of a new namespace: the last line waits for that too.
temporal operator namespace describe >/dev/null 2>&1 || temporal operator namespace create --retention "${TEMPORAL_RETENTION:-7d}"
until temporal workflow list --limit 1 >/dev/null 2>&1; do sleep 1; done
echo "The namespace $TEMPORAL_NAMESPACE is there."
