#!/bin/sh
# DR replication, secondary side, in the AWS image with a vault command added. Publishes a public key, waits for the
# token that the primary encrypts for it, and makes this Vault the secondary - WHICH WIPES IT. Ends when the secondary
# has caught up.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

: "${REPLACES_CLUSTER:=}"

# shellcheck source=dr-handover.sh
. "$SCRIPTS_DIR/dr-handover.sh"

# names_but FILE PATTERN: prints the names in a list such as {"secret/": {...}}, as the vault command formats it. Names
# that match the pattern are omitted.
names_but() {
  sed -n 's|^  "\(.*\)/": {$|\1|p' "$1" | sed -E "/^($2)\$/d"
}

# Lists mounts and namespaces that Vault, the bootstrap and this job's login do not need. An unreadable list does not
# count as empty.
find_data() {
  as dr vault secrets list -format=json >"$WORK_DIR/mounts.json" || return 1
  as dr vault auth list -format=json >"$WORK_DIR/auths.json" || return 1
  as dr vault list -format=json sys/namespaces >"$WORK_DIR/namespaces.json" || [ "$(cat "$WORK_DIR/namespaces.json")" = '{}' ] || return 1
  if ! grep -q '^  "sys/": {$' "$WORK_DIR/mounts.json" || ! grep -q '^  "token/": {$' "$WORK_DIR/auths.json"; then
    say "the lists of mounts cannot be read" >&2
    return 1
  fi
  names_but "$WORK_DIR/mounts.json" 'cubbyhole|identity|sys' >"$WORK_DIR/data"
  names_but "$WORK_DIR/auths.json" "token|terraform|$(printf '%s' "$AUTH_PATH" | sed 's|[./]|\\&|g')" | sed 's|^|auth/|' >>"$WORK_DIR/data"
  tr -d '[]{}", \t' <"$WORK_DIR/namespaces.json" | sed '/^$/d; s|^|namespace |' >>"$WORK_DIR/data"
}

may_be_wiped() {
  vault_is_ready || return 1
  cluster=$(json_field cluster_id <"$WORK_DIR/status.json")
  be_logged_in || return 1
  find_data || return 1
  if [ -s "$WORK_DIR/data" ] && [ "$REPLACES_CLUSTER" != "$cluster" ]; then
    stop "this Vault (cluster $cluster) has data of its own, and becoming a secondary would wipe it:
$(sed 's|^|  |' "$WORK_DIR/data")
If nobody needs it any more, take a snapshot, name the cluster in replacesCluster and run again."
  fi
}

ask() {
  may_be_wiped || return 1
  as dr vault write -f -field=secondary_public_key sys/replication/dr/secondary/generate-public-key >"$WORK_DIR/new" || return 1
  tr -d '\n' <"$WORK_DIR/new" >"$WORK_DIR/key"
  [ -s "$WORK_DIR/key" ] || return 1
  cat /proc/sys/kernel/random/uuid >"$WORK_DIR/request"
  put "$KEY_CONTAINER" "$WORK_DIR/key" "$(cat "$WORK_DIR/request")"
}

is_answered() {
  fetch "$TOKEN_CONTAINER" token || return 1
  if [ "$(cat "$WORK_DIR/token-request")" != "$(cat "$WORK_DIR/request")" ]; then
    rm -f "$WORK_DIR/token"
    say "$TOKEN_CONTAINER holds the answer to another request; does the primary's job run?" >&2
    return 1
  fi
}

# Vault discards its logins when it becomes a secondary, so its answer may be lost.
enable() {
  read_replication || return 1
  if [ "$(replication mode)" = secondary ]; then return 0; fi
  may_be_wiped || return 1
  as dr vault write sys/replication/dr/secondary/enable token=@"$WORK_DIR/token" >/dev/null || return 1
  read_replication && [ "$(replication mode)" = secondary ]
}

follows() {
  read_replication || return 1
  if [ "$(replication secondary_id)" != "$SECONDARY_ID" ]; then
    stop "this Vault is the secondary '$(replication secondary_id)' and not $SECONDARY_ID"
  fi
  if [ "$(replication state)" != stream-wals ]; then
    say "its state is $(replication state)" >&2
    return 1
  fi
}

case "$(replication mode)" in
  disabled)
    wait_for 120 "a public key of this Vault" ask
    say "Asked by request $(cat "$WORK_DIR/request"); waiting for the primary to answer."
    wait_for "$TIMEOUT_SECONDS" "the primary to answer request $(cat "$WORK_DIR/request")" is_answered
    wait_for 300 "this Vault to become the secondary" enable
    rm -rf "$WORK_DIR/token" "$WORK_DIR/new" "$WORK_DIR/dr"
    say "This Vault is the secondary; what it had is gone."
    ;;
  secondary) ;;
  *) stop "this Vault is a DR $(replication mode), and becoming a secondary would wipe it: its custodians demote it, or the two sides are mixed up" ;;
esac
wait_for "$TIMEOUT_SECONDS" "the secondary to have caught up" follows
say "The secondary $SECONDARY_ID has caught up and follows the primary."
