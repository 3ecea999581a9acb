#!/usr/bin/env bash
# Says in one line that a command is not available yet, and fails.
#
# usage: scripts/not-yet.sh COMMAND WHAT

# shellcheck source=scripts/lib/common.sh
source "$(dirname "$0")/lib/common.sh"
case ${1:-} in -h | --help | '') show_help && exit 0 ;; esac
die "not available yet: make $1${2:+ ($2)}"
