#!/bin/bash
# Compresses static files: writes FILE.br and FILE.gz beside FILE, for web::static_files. The images and native
# mode run it once for each bundle. A compressed file that is newer than FILE is kept.
#
# usage: compress-files.sh FILE|DIRECTORY...
set -euo pipefail

# compress FILE EXTENSION COMMAND...: renames the finished file, so that a service never serves half of it.
compress() {
    [[ ! $1.$2 -nt $1 ]] || return 0
    "${@:3}" <"$1" >"$1.$2.new"
    mv "$1.$2.new" "$1.$2"
}

# Smaller files save nothing. Pictures and fonts are already compressed.
find "$@" -type f -size +1023c \
    \( -name '*.css' -o -name '*.html' -o -name '*.js' -o -name '*.map' -o -name '*.svg' \) -print0 |
    while IFS= read -r -d '' file; do
        # Level 11 makes plotly.js another 10 % smaller, but takes 16 times as long.
        compress "$file" br brotli --quality=9 --stdout
        compress "$file" gz gzip --best --no-name --stdout
    done
