# Lists of Debian packages, for Debian and what descends from it, whatever its release calls them. Sourced, never run.
# shellcheck shell=bash

# package_names LIST...: the packages that those lists name. A line "a | b" has alternatives, as Depends has in Debian's
# control files: it stands for the first that is installed, else the first that apt can install, else the first.
# https://www.debian.org/doc/debian-policy/ch-relationships.html
package_names() {
    sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' -- "$@" | awk -F '|' '
        FILENAME == ARGV[1] { rank[$1] = 1; next }
        FILENAME == ARGV[2] { if (!($1 in rank)) rank[$1] = 2; next }
        {
            best = 1
            for (i = 2; i <= NF; i++) if (($i in rank ? rank[$i] : 3) < ($best in rank ? rank[$best] : 3)) best = i
            print $best
        }' <(dpkg-query --show --showformat '${db:Status-Status}|${Package}\n' 2>/dev/null | sed -n 's/^installed|//p') \
        <(apt-cache pkgnames 2>/dev/null) - | sort -u
}
