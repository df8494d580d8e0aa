#!/bin/sh
# Restore after a disaster, step 2, in the Vault image: restores the snapshot of step 1 to empty servers. Existing data
# is never overwritten. The first run asks for a restart. A second run after the restart checks that all servers serve,
# and changes nothing.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=counts.sh
. "$SCRIPTS_DIR/counts.sh"

: "${SNAPSHOT_DIR:=/snapshot}"
: "${VAULT_SERVERS:?addresses of all servers, separated by spaces; the first one restores}"
: "${AUTH_PATH:=kubernetes}"
: "${LOGIN_ROLE:=vault-restore}"
: "${CANARY_MOUNT:=secret}"
: "${CANARY_PATH:=vault-platform/canary}"
: "${CANARY_VALUE:?what the canary says}"
: "${RESTART_COMMAND:=restart every server}"
: "${WIPE_COMMAND:=stop every server, delete its data and start it again}"

first=${VAULT_SERVERS%% *}

noted() {
  json_field "$1" <"$SNAPSHOT_DIR/metadata.json"
}

cluster=$(noted cluster)

# Succeeds if all servers answer: a server that does not answer may hold the data.
survey() {
  initialised='' silent=''
  for server in $VAULT_SERVERS; do
    if ! server_status "$server"; then
      silent="$silent $server"
    elif [ "$(json_field initialized <"$WORK_DIR/status.json")" = true ]; then
      initialised="$initialised $server"
    fi
  done
  [ -z "$silent" ] || {
    say "no answer from$silent" >&2
    return 1
  }
}

serves_cluster() {
  server_status "$1" && [ "$(json_field sealed <"$WORK_DIR/status.json")" = false ] &&
    [ "$(json_field cluster_id <"$WORK_DIR/status.json")" = "$cluster" ]
}

all_serve() {
  for server in $VAULT_SERVERS; do
    serves_cluster "$server" || {
      say "$server: sealed is $(json_field sealed <"$WORK_DIR/status.json"), cluster '$(json_field cluster_id <"$WORK_DIR/status.json")'" >&2
      return 1
    }
  done
}

all_unsealed() {
  for server in $VAULT_SERVERS; do
    server_status "$server" || return 1
    [ "$(json_field sealed <"$WORK_DIR/status.json")" = false ] || {
      say "$server is sealed" >&2
      return 1
    }
  done
}

# Succeeds if all servers have applied the index that the first one has committed. Only their restart shows if they
# can read the data.
all_have_it() {
  committed=$(VAULT_ADDR=$first vault read -field=raft_committed_index sys/leader) || return 1
  for server in $VAULT_SERVERS; do
    applied=$(VAULT_ADDR=$server vault read -field=raft_applied_index sys/leader) || return 1
    [ "$applied" -ge "$committed" ] || {
      say "$server is at $applied, the first one at $committed" >&2
      return 1
    }
  done
}

any_serves() {
  for server in $VAULT_SERVERS; do
    if serves_cluster "$server" 2>/dev/null; then return 0; fi
  done
  return 1
}

leads() {
  [ "$(VAULT_ADDR=$first vault read -field=is_self sys/leader)" = true ]
}

# Succeeds if the root token of the empty cluster is there: from this run, or from an interrupted one in the same pod.
holds_root() {
  [ -s "$WORK_DIR/root/.vault-token" ] && VAULT_ADDR=$first as root vault token lookup >/dev/null 2>&1
}

initialise() {
  mkdir -p "$WORK_DIR/root"
  VAULT_ADDR=$first VAULT_CLIENT_TIMEOUT=300s vault operator init -format=json -recovery-shares=1 -recovery-threshold=1 >"$WORK_DIR/init.json" ||
    fail "the empty servers were not initialised"
  json_field root_token <"$WORK_DIR/init.json" >"$WORK_DIR/root/.vault-token"
  rm -f "$WORK_DIR/init.json"
}

restore() {
  VAULT_ADDR=$first as root vault operator raft snapshot restore -force "$SNAPSHOT_DIR/vault.snap"
}

forget_root() {
  rm -rf "$WORK_DIR/root" "$WORK_DIR/init.json"
}

canary_is_read() {
  login "$AUTH_PATH" "$LOGIN_ROLE" restore || return 1
  canary=$(as restore vault kv get -mount="$CANARY_MOUNT" -field=value "$CANARY_PATH") || return 1
  counts=$(count_names restore) || return 1
  log_out restore
}

wait_for "$TIMEOUT_SECONDS" "every server to answer (a server that is not reached may hold the data)" survey
if any_serves; then
  say "The servers hold the data of cluster $cluster already; nothing is restored."
elif [ -n "$initialised" ] && ! holds_root; then
  stop "these servers are initialised:$initialised
Data that is there is never overwritten. If it is what an interrupted restore has begun, or is not wanted any more, wipe
it and restore again:
  $WIPE_COMMAND"
else
  if [ -z "$initialised" ]; then
    say "All servers are empty: initialising $first for the time of the restore."
    initialise
  fi
  wait_for 120 "$first to lead" leads
  # The leader would refuse a server that joins after the restore. Half a membership would then block that server.
  wait_for "$TIMEOUT_SECONDS" "all servers to join" all_unsealed
  restore || fail "the snapshot was not restored"
  forget_root
  say "Restored; waiting for $first to unseal itself with the original's key, and for the others to have the data."
  wait_for 180 "$first to serve as cluster $cluster (its log says why it does not)" serves_cluster "$first"
  wait_for "$TIMEOUT_SECONDS" "all servers to have the data" all_have_it
  # Until their processes end, the servers talk to each other with keys of the empty cluster. They refuse a server that
  # has read the keys of the snapshot. The first restart of a single server would therefore break the cluster.
  say "RESTART NEEDED: restart all servers now, and run this once more to see that they serve:"
  say "  $RESTART_COMMAND"
  exit 0
fi
forget_root
wait_for "$TIMEOUT_SECONDS" "all servers to serve as cluster $cluster (the log of one that does not says why)" all_serve
wait_for 120 "the login of the role $LOGIN_ROLE at auth/$AUTH_PATH, and the canary" canary_is_read

[ "$canary" = "$CANARY_VALUE" ] || stop "the canary $CANARY_MOUNT/$CANARY_PATH says '$canary', not '$CANARY_VALUE': the snapshot is of another environment"
expected=mounts=$(noted mounts),auths=$(noted auths),policies=$(noted policies),roles=$(noted roles)
[ "$counts" = "$expected" ] || say "Since the snapshot something was changed: now $counts, then $expected."
created=$(noted created)
say "Vault serves again as cluster $cluster: all servers unsealed, canary read, $counts."
say "Lost is what was written after $(utc "$created" '+%Y-%m-%d %H:%M:%S UTC') ($created), $(($(date +%s) - created)) s ago."
