#!/bin/sh
# Bootstrap, step 2, in the Vault image: initialises Vault once. The keys stay in the memory volume until step 3
# has stored them.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=bootstrap-shares.sh
. "$SCRIPTS_DIR/bootstrap-shares.sh"

: "${VAULT_SERVERS:?addresses of all servers, separated by spaces; the first is initialised}"
: "${RECOVERY_THRESHOLD:=3}"
: "${RECOVERY_PGP_KEYS:=}"
: "${WIPE_COMMAND:=stop every server, delete its data and start it again}"

first=${VAULT_SERVERS%% *}

# A server that does not answer may hold the data, so Vault is initialised only if all servers answer that they are
# empty.
survey() {
  initialised='' silent=''
  for server in $VAULT_SERVERS; do
    if ! server_status "$server"; then
      silent="$silent $server"
    elif [ "$(json_field initialized <"$WORK_DIR/status.json")" = true ]; then
      initialised=$server
    fi
  done
  [ -n "$initialised" ] || [ -z "$silent" ]
}

unsealed() {
  server_status "$initialised" && [ "$(json_field sealed <"$WORK_DIR/status.json")" = false ]
}

has_keys() {
  [ -s "$WORK_DIR/init.json" ] && grep -q '"root_token"' "$WORK_DIR/init.json"
}

share_from_reply() {
  tr -d ' \t\n' <"$WORK_DIR/init.json" | sed 's/.*"recovery_keys_b64":\[\([^]]*\)\].*/\1/' | tr ',' '\n' | sed -n "$1{s/\"//g;p;}" | tr -d '\n'
}

take_apart() {
  for share in $(seq "$(share_count)"); do
    share_from_reply "$share" >"$WORK_DIR/new"
    [ -s "$WORK_DIR/new" ] || stop "Vault gave fewer than $(share_count) recovery shares; is its seal an auto-unseal seal?"
    mv "$WORK_DIR/new" "$WORK_DIR/share-$share"
  done
  mkdir -p "$WORK_DIR/root"
  json_field root_token <"$WORK_DIR/init.json" >"$WORK_DIR/new"
  mv "$WORK_DIR/new" "$WORK_DIR/root/.vault-token"
}

is_root() {
  [ "$(as root vault read -field=policies auth/token/lookup-self)" = '[root]' ]
}

all_stored() {
  for share in $(seq "$(share_count)"); do
    holds_share_of "$cluster" "$share" || return 1
  done
}

keys_are_lost() {
  kept=''
  for share in $(seq "$(share_count)"); do
    if holds_share_of "$cluster" "$share"; then kept="$kept $share"; fi
  done
  stop "Vault (cluster $cluster) is initialised, and its recovery shares are neither here nor all stored (stored:${kept:- none}).
A run was interrupted after Vault made the keys and before they were stored, or someone else initialised Vault.
In the first case nothing was ever written to this cluster, and no key to it exists. Wipe it and start anew:
  $WIPE_COMMAND
${kept:+Then set replacesCluster to $cluster, because some containers hold its shares.
}Do NOT wipe a cluster that is in use: store its recovery shares under the version ids $cluster-share-<number> instead."
}

wait_for "$TIMEOUT_SECONDS" "every server to answer (a server that is not reached may hold the data)" survey
if [ -z "$initialised" ]; then
  refuse_other_clusters ''
  rm -rf "$WORK_DIR/init.json" "$WORK_DIR/root"
  set -- -format=json -recovery-shares="$(share_count)" -recovery-threshold="$RECOVERY_THRESHOLD"
  [ -z "$RECOVERY_PGP_KEYS" ] || set -- "$@" -recovery-pgp-keys="$RECOVERY_PGP_KEYS"
  say "No server is initialised: initialising $first, $(share_count) shares, threshold $RECOVERY_THRESHOLD."
  VAULT_ADDR=$first VAULT_CLIENT_TIMEOUT=300s vault operator init "$@" >"$WORK_DIR/init.json" || fail "Vault was not initialised"
  initialised=$first
fi

VAULT_ADDR=$initialised
wait_for "$TIMEOUT_SECONDS" "$initialised to unseal itself (its log says why it does not)" unsealed
cluster=$(json_field cluster_id <"$WORK_DIR/status.json")
echo "$cluster" >"$WORK_DIR/cluster"
if has_keys; then
  take_apart
  # Verify the token first: shares of another Vault must not be stored under the id of this cluster.
  wait_for 120 "the root token of $initialised to be accepted" is_root
  say "Cluster $cluster is initialised; its keys are in memory."
elif all_stored; then
  say "Cluster $cluster was initialised before; its recovery shares are stored."
else
  refuse_other_clusters "$cluster"
  keys_are_lost
fi
