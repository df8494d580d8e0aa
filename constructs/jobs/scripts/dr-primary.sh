#!/bin/sh
# DR replication, primary side, in the AWS image with a vault command added. Makes this Vault the primary and answers
# the secondary's public key with a token encrypted for it. Ends when the secondary is connected.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

: "${CLUSTER_ADDRESS:?where secondaries reach the cluster port of this Vault}"

# shellcheck source=dr-handover.sh
. "$SCRIPTS_DIR/dr-handover.sh"

# Vault pauses while it becomes the primary, so its answer may be lost.
enable() {
  read_replication || return 1
  if [ "$(replication mode)" = primary ]; then return 0; fi
  be_logged_in || return 1
  as dr vault write sys/replication/dr/primary/enable primary_cluster_addr="$CLUSTER_ADDRESS" >/dev/null || return 1
  read_replication && [ "$(replication mode)" = primary ]
}

is_known() {
  known=$(tr -d ' \t\n' <"$WORK_DIR/replication.json" | sed -n 's/.*"known_secondaries":\[\([^]]*\)\].*/\1/p')
  case ",$known," in
    *",\"$SECONDARY_ID\","*) return 0 ;;
    *) return 1 ;;
  esac
}

is_connected() {
  tr -d ' \t\n' <"$WORK_DIR/replication.json" | tr '{' '\n' | grep -F "\"node_id\":\"$SECONDARY_ID\"" | grep -q '"connection_status":"connected"'
}

# Vault issues a token only once for each id. If the id is known, its token was not used and is revoked: a secondary
# that had used it would not ask again.
answer() {
  be_logged_in || return 1
  if is_known; then
    as dr vault write sys/replication/dr/primary/revoke-secondary id="$SECONDARY_ID" >/dev/null || return 1
    say "An earlier token of the id $SECONDARY_ID was not used; it is revoked."
  fi
  set -- id="$SECONDARY_ID" secondary_public_key=@"$WORK_DIR/key"
  as dr vault write -field=token sys/replication/dr/primary/secondary-token "$@" >"$WORK_DIR/new" || return 1
  tr -d '\n' <"$WORK_DIR/new" >"$WORK_DIR/token"
  [ -s "$WORK_DIR/token" ] || return 1
  put "$TOKEN_CONTAINER" "$WORK_DIR/token" "$(cat "$WORK_DIR/key-request")" || return 1
  rm -f "$WORK_DIR/new" "$WORK_DIR/token"
  say "Answered the public key of request $(cat "$WORK_DIR/key-request"); only that secondary can read the token."
}

# Reads the request at each try: a secondary that was interrupted sends a new one.
joined() {
  read_replication || return 1
  if is_connected; then return 0; fi
  fetch "$KEY_CONTAINER" key || return 1
  answered=$(request_in "$TOKEN_CONTAINER") || return 1
  if [ "$answered" = "$(cat "$WORK_DIR/key-request")" ]; then
    say "request $answered is answered, and the secondary has not connected" >&2
    return 1
  fi
  answer
  return 1
}

case "$(replication mode)" in
  disabled)
    say "Making this Vault the primary; it pauses for a moment."
    wait_for 300 "this Vault to be the primary" enable
    ;;
  primary) say "This Vault is the primary already; secondaries reach it at '$(replication primary_cluster_addr)'." ;;
  *) stop "this Vault is a DR $(replication mode): its custodians promote it, or the two sides are mixed up" ;;
esac
wait_for "$TIMEOUT_SECONDS" "the secondary $SECONDARY_ID to ask and to connect" joined
say "The secondary $SECONDARY_ID is connected."
