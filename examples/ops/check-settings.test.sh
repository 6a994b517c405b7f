#!/bin/sh
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/example" <<'END'
# Where orders are kept.
DATABASE_URL=postgres://localhost/shop
MAIL_HOST=localhost
MAIL_PORT=25
END

echo "settings that are all there pass"
printf 'MAIL_PORT=2525\nMAIL_HOST=mail\nDATABASE_URL=x\nEXTRA=1\n' > "$work/full"
sh check-settings.sh "$work/example" "$work/full"

echo "what is missing is named"
printf 'MAIL_HOST=mail\n#DATABASE_URL=x\n' > "$work/partial"
if named=$(sh check-settings.sh "$work/example" "$work/partial"); then exit 1; fi
[ "$named" = "DATABASE_URL
MAIL_PORT" ]
