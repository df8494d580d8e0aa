#!/bin/sh
# Bootstrap, step 1, in the AWS image: checks that the containers of the recovery shares are reachable, and records
# their versions. It runs before Vault is initialised, because keys that cannot be stored are lost.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=bootstrap-shares.sh
. "$SCRIPTS_DIR/bootstrap-shares.sh"

start_clock
mkdir -p "$WORK_DIR/stored"
for share in $(seq "$(share_count)"); do
  wait_for 60 "the container $(secret_of "$share")" find_version "$share"
done
say "All $(share_count) containers of the recovery shares can be reached."
