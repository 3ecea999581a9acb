#!/bin/bash
# Compresses files that never change: beside FILE it leaves FILE.br and FILE.gz, which web::static_files
# serves. The images and native mode run it once for each bundle. A file whose codings are newer is left alone.
#
# usage: compress-files.sh FILE|DIRECTORY...
set -euo pipefail

# compress FILE EXTENSION COMMAND...: whole or not at all: a service must not serve half a file.
compress() {
    [[ ! $1.$2 -nt $1 ]] || return 0
    "${@:3}" <"$1" >"$1.$2.new"
    mv "$1.$2.new" "$1.$2"
}

# Smaller ones save nothing; pictures and fonts are compressed already.
find "$@" -type f -size +1023c \
    \( -name '*.css' -o -name '*.html' -o -name '*.js' -o -name '*.map' -o -name '*.svg' \) -print0 |
    while IFS= read -r -d '' file; do
        # 11 makes plotly.js 10 % smaller still, and takes 16 times as long.
        compress "$file" br brotli --quality=9 --stdout
        compress "$file" gz gzip --best --no-name --stdout
    done
