# shellcheck shell=sh
# Storage of the recovery shares: one Secrets Manager container for each. The version id of a container is the cluster's
# id and the number of the share. It identifies the key without reading it, and makes a repeated write idempotent.

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

# find_version SHARE: writes the container's current version id to stored/SHARE, or nothing if the container is empty.
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

# holds_share_of CLUSTER SHARE: compares only the start of the version id, because a later rekey may append to it.
holds_share_of() {
  case "$(cat "$WORK_DIR/stored/$2")" in
    "$(version_of "$1" "$2")"*) return 0 ;;
    *) return 1 ;;
  esac
}

# refuse_other_clusters CLUSTER: stops if a container holds a key of another cluster. CLUSTER is empty before Vault is
# initialised.
refuse_other_clusters() {
  for share in $(seq "$(share_count)"); do
    if holds_anything "$share" && ! holds_share_of "${1:-none}" "$share" && ! holds_share_of "${REPLACES_CLUSTER:-none}" "$share"; then
      stop "$(secret_of "$share") holds a key of another cluster (version $(cat "$WORK_DIR/stored/$share")).
If that cluster's data is lost, restore its snapshot instead: its keys are still needed.
If it is gone for good, name it in replacesCluster and run again; its keys are then replaced."
    fi
  done
}
