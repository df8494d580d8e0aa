#!/bin/sh
# Backup, step 1, in the Vault image: takes a snapshot of Vault's data and records its metadata. The data stays sealed.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=counts.sh
. "$SCRIPTS_DIR/counts.sh"

: "${SNAPSHOT_DIR:=/snapshot}"
: "${AUTH_PATH:=kubernetes}"
: "${LOGIN_ROLE:=vault-backup}"
service=$VAULT_ADDR

vault_is_ready() {
  vault status -format=json >"$WORK_DIR/status.json"
}

# Sets VAULT_ADDR to the active server: a standby returns an incomplete snapshot. Each try looks it up again, because
# the active server may change.
find_leader() {
  VAULT_ADDR=$service
  VAULT_ADDR=$(vault read -field=leader_address sys/leader)
}

# If the counts change during the snapshot, they describe no single state, and the snapshot is taken again. Changes
# after the time `created` may be missing from the snapshot.
save() {
  find_leader || return 1
  created=$(date +%s)
  before=$(count_names backup) || return 1
  rm -f "$SNAPSHOT_DIR/new"
  as backup vault operator raft snapshot save "$SNAPSHOT_DIR/new" || return 1
  after=$(count_names backup) || return 1
  [ "$before" = "$after" ] || {
    say "Vault was changed meanwhile: $before, then $after" >&2
    return 1
  }
}

start_clock
mkdir -p "$SNAPSHOT_DIR"
wait_for 120 "Vault to be unsealed at $VAULT_ADDR" vault_is_ready
wait_for 60 "the login of the role $LOGIN_ROLE at auth/$AUTH_PATH" login "$AUTH_PATH" "$LOGIN_ROLE" backup
wait_for "$TIMEOUT_SECONDS" "a snapshot" save
log_out backup

vault operator raft snapshot inspect "$SNAPSHOT_DIR/new" >"$SNAPSHOT_DIR/inspected"
index=$(sed -n 's/^ *Index  *\([0-9]*\).*/\1/p' "$SNAPSHOT_DIR/inspected")
[ "${index:-0}" -gt 0 ] || fail "the snapshot has no Raft index: $(cat "$SNAPSHOT_DIR/inspected")"
sum=$(sha256sum <"$SNAPSHOT_DIR/new" | cut -d ' ' -f 1)
mv "$SNAPSHOT_DIR/new" "$SNAPSHOT_DIR/vault.snap"

{
  printf 'created=%s,sha256=%s,index=%s,' "$created" "$sum" "$index"
  printf 'cluster=%s,version=%s,' "$(json_field cluster_id <"$WORK_DIR/status.json")" "$(json_field version <"$WORK_DIR/status.json")"
  echo "$before"
} >"$SNAPSHOT_DIR/metadata"
utc "$created" '+%Y/%m/vault-%Y%m%dT%H%M%SZ.snap' >"$SNAPSHOT_DIR/name"
say "Saved: $(cat "$SNAPSHOT_DIR/name"), $(wc -c <"$SNAPSHOT_DIR/vault.snap") bytes, $(cat "$SNAPSHOT_DIR/metadata")"
