#!/bin/sh
# Bootstrap, step 3, in the AWS image: stores each recovery share in its container, then deletes the local copies.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=bootstrap-shares.sh
. "$SCRIPTS_DIR/bootstrap-shares.sh"

cluster=$(cat "$WORK_DIR/cluster")

put() {
  aws secretsmanager put-secret-value --secret-id "$1" --secret-string "file://$WORK_DIR/share-$2" --client-request-token "$3" --output json >"$WORK_DIR/put.json"
}

# A share counts as stored only if Secrets Manager reports its version.
store() {
  put "$(secret_of "$1")" "$1" "$(version_of "$cluster" "$1")" && find_version "$1" && holds_share_of "$cluster" "$1"
}

refuse_other_clusters "$cluster"
for share in $(seq "$(share_count)"); do
  if holds_share_of "$cluster" "$share"; then
    say "Share $share is stored already."
  else
    # Retry until the end of the job: the pod holds the only copy.
    wait_for "$TIMEOUT_SECONDS" "share $share to be stored in $(secret_of "$share")" store "$share"
    say "Share $share is stored in $(secret_of "$share"), version $(version_of "$cluster" "$share")."
  fi
done
rm -f "$WORK_DIR/init.json" "$WORK_DIR"/share-*
