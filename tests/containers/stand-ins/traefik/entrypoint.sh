#!/bin/sh
# The same as in the real image: if the first argument is not a program, all arguments are traefik's.
set -e
case ${1:-} in
    -*) set -- traefik "$@" ;;
    *) command -v "${1:-}" >/dev/null || set -- traefik "$@" ;;
esac
exec "$@"
