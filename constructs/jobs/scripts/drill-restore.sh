#!/bin/sh
# Restore drill, step 2, in the Vault image: restores the snapshot into a separate Vault. It logs in to this copy and
# compares it with the original. The copy listens only inside its pod and is deleted at the end.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=counts.sh
. "$SCRIPTS_DIR/counts.sh"

: "${SNAPSHOT_DIR:=/snapshot}"
: "${DATA_DIR:=/vault/data}"
: "${SEAL_CONFIG:=$SCRIPTS_DIR/seal.hcl}"
: "${FORBIDDEN_TARGETS:=}"
: "${COPY_PORT:=8200}"
: "${AUTH_PATH:=kubernetes}"
: "${LOGIN_ROLE:=vault-drill}"
: "${CANARY_MOUNT:=secret}"
: "${CANARY_PATH:=vault-platform/canary}"
: "${CANARY_VALUE:?what the canary says}"

export VAULT_ADDR="http://127.0.0.1:$COPY_PORT"
unset VAULT_CACERT
server=''

noted() {
  json_field "$1" <"$SNAPSHOT_DIR/metadata.json"
}

# reaches HOST:PORT: succeeds if a connection is made. A connection ends by the timeout (124, or 143 in busybox) or is
# closed by the peer (0).
reaches() {
  code=0
  host=${1%:*}
  # IPv6 addresses are in brackets.
  host=${host#\[}
  timeout 8 nc -w 3 "${host%]}" "${1##*:}" </dev/null >/dev/null 2>&1 || code=$?
  case $code in
    0 | 124 | 143) return 0 ;;
    126 | 127) stop "cannot try connections without timeout and nc" ;;
    *) return 1 ;;
  esac
}

tear_down() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ -z "$server" ] || wait "$server" 2>/dev/null || true
  rm -rf "${DATA_DIR:?}"/* "$WORK_DIR/root" "$WORK_DIR/drill" "$WORK_DIR/init.json"
}

answers() {
  kill -0 "$server" 2>/dev/null || give_up "the server ended"
  server_status "$VAULT_ADDR"
}

unsealed() {
  answers && [ "$(json_field sealed <"$WORK_DIR/status.json")" = false ]
}

leads() {
  unsealed && [ "$(vault read -field=is_self sys/leader)" = true ]
}

restored() {
  unsealed && [ "$(json_field cluster_id <"$WORK_DIR/status.json")" = "$(noted cluster)" ]
}

give_up() {
  stop "$*; the end of the copy's log:
$(tail -n 15 "$WORK_DIR/server.log")"
}

restore() {
  as root vault operator raft snapshot restore -force "$SNAPSHOT_DIR/vault.snap"
}

for target in $FORBIDDEN_TARGETS; do
  if reaches "$target"; then
    stop "this pod reaches $target. A restored copy that reaches what the original uses revokes the original's leases:
have the cluster enforce its network policies first. Nothing was restored."
  fi
done

tear_down # what a killed run left behind
trap tear_down EXIT
trap 'exit 143' TERM INT
mkdir -p "$DATA_DIR" "$WORK_DIR/root"
# TLS is not needed: only this pod has its loopback addresses, so no other pod can listen there or present another
# certificate.
cat >"$WORK_DIR/server.hcl" <<END
disable_mlock = true
api_addr      = "$VAULT_ADDR"
cluster_addr  = "https://127.0.0.1:$((COPY_PORT + 1))"
storage "raft" {
  path    = "$DATA_DIR"
  node_id = "drill"
}
listener "tcp" {
  address     = "127.0.0.1:$COPY_PORT"
  tls_disable = true
}
END
vault server -config="$WORK_DIR/server.hcl" -config="$SEAL_CONFIG" >"$WORK_DIR/server.log" 2>&1 &
server=$!

wait_for 60 "the server of the copy" answers
vault operator init -format=json -recovery-shares=1 -recovery-threshold=1 >"$WORK_DIR/init.json" || give_up "the empty copy was not initialised"
json_field root_token <"$WORK_DIR/init.json" >"$WORK_DIR/root/.vault-token"
rm -f "$WORK_DIR/init.json"
wait_for 60 "the empty copy to unseal itself" leads
restore || give_up "the snapshot was not restored"
rm -rf "$WORK_DIR/root"

say "Restored; waiting for the copy to unseal itself with the original's key."
( wait_for 180 "the copy to unseal itself as cluster $(noted cluster)" restored ) || give_up "the copy does not unseal itself: another key than the original's, or another cluster's snapshot"
wait_for 60 "the copy to lead" leads
wait_for 60 "the login of the role $LOGIN_ROLE to the copy at auth/$AUTH_PATH" login "$AUTH_PATH" "$LOGIN_ROLE" drill

canary=$(as drill vault kv get -mount="$CANARY_MOUNT" -field=value "$CANARY_PATH") || give_up "the canary $CANARY_MOUNT/$CANARY_PATH cannot be read"
[ "$canary" = "$CANARY_VALUE" ] || stop "the canary $CANARY_MOUNT/$CANARY_PATH says '$canary', not '$CANARY_VALUE': the snapshot is of another environment"
counts=$(count_names drill) || give_up "what the copy has cannot be counted"
expected=mounts=$(noted mounts),auths=$(noted auths),policies=$(noted policies),roles=$(noted roles)
[ "$counts" = "$expected" ] || stop "the copy has $counts, the original had $expected"
say "The copy serves: canary read, $counts as in the original."
