#!/bin/bash
# Collects what a program needs in an image FROM scratch, in three directories that become one layer
# each, from what changes least to what changes most:
#
#   DIRECTORY/runtime   its shared libraries and their loader, certificates, time zones, users, name resolution
#   DIRECTORY/files     the application's own files; other instructions put them there
#   DIRECTORY/program   the program itself, without symbols, as /app/NAME
#
# All get the same times and modes, so that equal content makes equal layers, whoever builds them.
#
# usage: collect-runtime.sh PROGRAM DIRECTORY
set -euo pipefail
program=$1 root=$2
runtime=$root/runtime
records=$runtime/var/lib/dpkg/status.d

# libraries: of the program, and the loader: ldd names a library after an arrow, the loader by its path.
libraries() {
    local list
    list=$(ldd "$program")
    if grep -F 'not found' <<<"$list" >&2; then return 1; fi
    awk '$2 == "=>" { print $3 } $1 ~ /^\// { print $1 }' <<<"$list"
}

# packages_of FILE...: the Debian packages that they are from, which may know /usr/lib/FILE as /lib/FILE.
packages_of() {
    local paths found
    mapfile -t paths < <(readlink --canonicalize-existing -- "$@")
    # It fails for the form that it does not know; each file has to be known in one.
    found=$(dpkg-query --search "${paths[@]}" "${paths[@]#/usr}" 2>/dev/null) || true
    (($(wc -l <<<"$found") >= ${#paths[@]})) || return 1
    cut -d : -f 1 <<<"$found" | sort -u
}

mkdir -p "$runtime/etc/ssl/certs" "$records" "$root/files/app" "$root/program/app"
llvm-strip-19 -o "$root/program/app/$(basename "$program")" "$program"

list=$(libraries)
mapfile -t files <<<"$list"
cp --dereference --parents --target-directory "$runtime" "${files[@]}"
# Scanners for known vulnerabilities look here in images without dpkg.
packages=$(packages_of "${files[@]}")
for package in $packages ca-certificates tzdata; do dpkg-query --status "$package" >"$records/$package"; done

cp --dereference /etc/ssl/certs/ca-certificates.crt "$runtime/etc/ssl/certs/"
# Without two more forms of the same zones, and this machine's own.
mkdir -p "$runtime/usr/share"
cp --archive /usr/share/zoneinfo "$runtime/usr/share/"
rm -rf "$runtime/usr/share/zoneinfo"/{posix,right,localtime}
cp --dereference /etc/os-release /etc/debian_version "$runtime/etc/"
printf 'nonroot:x:65532:65532::/:/sbin/nologin\n' >"$runtime/etc/passwd"
printf 'nonroot:x:65532:\n' >"$runtime/etc/group"
printf 'hosts: files dns\n' >"$runtime/etc/nsswitch.conf"

chmod -R u=rwX,go=rX "$root"
find "$root" -exec touch --no-dereference --date @0 {} +
