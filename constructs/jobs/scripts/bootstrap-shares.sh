# shellcheck shell=sh
# Where the recovery shares are kept: one Secrets Manager container each, whose version id is the cluster's id and
# the number of the share. The id tells whose key a container holds without reading it, and makes a repeated store
# the same store.

: "${RECOVERY_SECRETS:?names of the containers, one per share, separated by spaces}"
: "${REPLACES_CLUSTER:=}"

share_count() {
  # shellcheck disable=SC2086 # names of containers have no spaces
  set -- $RECOVERY_SECRETS
  echo $#
}

secret_of() {
  echo "$RECOVERY_SECRETS" | tr -s ' ' '\n' | sed -n "$1p"
}

version_of() {
  echo "$1-share-$2"
}

# find_version SHARE: what the container holds now goes to stored/SHARE, which stays empty for an empty container.
find_version() {
  aws secretsmanager describe-secret --secret-id "$(secret_of "$1")" --output json >"$WORK_DIR/container.json" || return 1
  if grep -q '"DeletedDate"' "$WORK_DIR/container.json"; then
    stop "$(secret_of "$1") is scheduled for deletion; restore it (aws secretsmanager restore-secret) and run again"
  fi
  tr -d ' \t\n' <"$WORK_DIR/container.json" | tr ']' '\n' | sed -n 's/.*"\([^"]*\)":\[[^[]*"AWSCURRENT".*/\1/p' >"$WORK_DIR/stored/$1"
}

holds_anything() {
  [ -s "$WORK_DIR/stored/$1" ]
}

# A later rekey may add to the id.
holds_share_of() {
  case "$(cat "$WORK_DIR/stored/$2")" in
    "$(version_of "$1" "$2")"*) return 0 ;;
    *) return 1 ;;
  esac
}

# refuse_other_clusters CLUSTER: CLUSTER is empty while there is none.
refuse_other_clusters() {
  for share in $(seq "$(share_count)"); do
    if holds_anything "$share" && ! holds_share_of "${1:-none}" "$share" && ! holds_share_of "${REPLACES_CLUSTER:-none}" "$share"; then
      stop "$(secret_of "$share") holds a key of another cluster (version $(cat "$WORK_DIR/stored/$share")).
If that cluster's data is lost, restore its snapshot instead: its keys are still needed.
If it is gone for good, name it in replacesCluster and run again; its keys are then replaced."
    fi
  done
}
