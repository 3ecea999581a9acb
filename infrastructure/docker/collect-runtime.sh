#!/bin/bash
# Collects the files of an image FROM scratch. Each of three directories becomes a layer, in the order from rarely to
# often changed:
#
#   DIRECTORY/runtime   its shared libraries and their loader, certificates, time zones, users, name resolution
#   DIRECTORY/files     the application's own files, which the Dockerfile copies there
#   DIRECTORY/program   the program itself, without symbols, as /app/NAME
#
# All files get the same times and modes, so that equal content gives equal layers on every machine.
#
# usage: collect-runtime.sh PROGRAM DIRECTORY
set -euo pipefail
program=$1 root=$2
runtime=$root/runtime
records=$runtime/var/lib/dpkg/status.d

# libraries: prints the program's libraries and the loader. ldd prints a library after "=>", the loader as a path.
libraries() {
    local list
    list=$(ldd "$program")
    if grep -F 'not found' <<<"$list" >&2; then return 1; fi
    awk '$2 == "=>" { print $3 } $1 ~ /^\// { print $1 }' <<<"$list"
}

# packages_of FILE...: prints their Debian packages. dpkg may know /usr/lib/FILE as /lib/FILE.
packages_of() {
    local paths found
    mapfile -t paths < <(readlink --canonicalize-existing -- "$@")
    # dpkg-query fails for the path that it does not know, but it must know each file by one of the two.
    found=$(dpkg-query --search "${paths[@]}" "${paths[@]#/usr}" 2>/dev/null) || true
    (($(wc -l <<<"$found") >= ${#paths[@]})) || return 1
    cut -d : -f 1 <<<"$found" | sort -u
}

mkdir -p "$runtime/etc/ssl/certs" "$records" "$root/files/app" "$root/program/app"
llvm-strip-19 -o "$root/program/app/$(basename "$program")" "$program"

list=$(libraries)
mapfile -t files <<<"$list"
cp --dereference --parents --target-directory "$runtime" "${files[@]}"
# In images without dpkg, vulnerability scanners read the packages from here.
packages=$(packages_of "${files[@]}")
for package in $packages ca-certificates tzdata; do dpkg-query --status "$package" >"$records/$package"; done

cp --dereference /etc/ssl/certs/ca-certificates.crt "$runtime/etc/ssl/certs/"
# All time zones, but neither the variants of them nor this machine's own.
mkdir -p "$runtime/usr/share"
cp --archive /usr/share/zoneinfo "$runtime/usr/share/"
rm -rf "$runtime/usr/share/zoneinfo"/{posix,right,localtime}
cp --dereference /etc/os-release /etc/debian_version "$runtime/etc/"
printf 'nonroot:x:65532:65532::/:/sbin/nologin\n' >"$runtime/etc/passwd"
printf 'nonroot:x:65532:\n' >"$runtime/etc/group"
printf 'hosts: files dns\n' >"$runtime/etc/nsswitch.conf"

chmod -R u=rwX,go=rX "$root"
find "$root" -exec touch --no-dereference --date @0 {} +
