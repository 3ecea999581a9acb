#!/usr/bin/env bash
# Writes one list of images to deploy from the files of the publishing jobs, one file for each image.
#
# usage: scripts/ci/collect-images.sh DIRECTORY IMAGES_FILE

source "$(dirname "$0")/../lib/common.sh"
source "$REPO/scripts/lib/images.sh"
case ${1:-} in -h | --help | '') show_help && exit 0 ;; esac
directory=$1 images=${2:?IMAGES_FILE is missing}
cat -- "$directory"/image-*.txt >"$images" || die "no images below $directory" \
    "the run has published none, or so long ago that GitHub has removed them (90 days)"
check_images_file "$images"
# The approver of a deployment reads this on the page of the run.
{
    printf '### Images\n\n'
    # shellcheck disable=SC2016 # the backticks are Markdown
    sed 's/.*/- `&`/' "$images"
} | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"
