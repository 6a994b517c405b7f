#!/bin/sh
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/CHANGELOG.md" <<'END'
# Changes

## 1.10.0 (in May)

- Pages have cursors.

### Fixed
- The cart counts again.

## 1.1.0 (in March)
- A cart.
END

echo "a version has its own section, and no other"
[ "$(sh release-notes.sh "$work/CHANGELOG.md" 1.1.0)" = '- A cart.' ]

echo "smaller headings belong to it"
[ "$(sh release-notes.sh "$work/CHANGELOG.md" 1.10.0 | wc -l)" -eq 4 ]

echo "a version without a section is an error"
! sh release-notes.sh "$work/CHANGELOG.md" 1.2.0
