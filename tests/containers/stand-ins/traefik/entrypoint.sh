#!/bin/sh
# As in the real image: what is no program of its own are arguments of traefik.
set -e
case ${1:-} in
    -*) set -- traefik "$@" ;;
    *) command -v "${1:-}" >/dev/null || set -- traefik "$@" ;;
esac
exec "$@"
