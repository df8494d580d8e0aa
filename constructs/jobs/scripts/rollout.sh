#!/bin/sh
# Rollout, in an image with kubectl and a shell, and a vault command added. Replaces the servers that run an older
# revision of the StatefulSet: one standby at a time, the active server last. It stops at the first problem.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

: "${NAMESPACE:=vault}"
: "${STATEFUL_SET:=vault}"
: "${SELECTOR:=app.kubernetes.io/instance=vault,component=server}"
: "${REPLICAS:?number of servers}"
: "${VAULT_SERVERS:?addresses of all servers in their order, separated by spaces}"
: "${AUTH_PATH:=kubernetes}"
: "${LOGIN_ROLE:=vault-rollout}"
: "${CHANGE:=unnamed}"
: "${SERVER_TIMEOUT_SECONDS:=600}"
: "${TOOLS_DIR:=/tools}"
# kubectl writes its cache below HOME.
export HOME="$WORK_DIR" PATH="$TOOLS_DIR:$PATH"

set_status() {
  kubectl -n "$NAMESPACE" get statefulset "$STATEFUL_SET" -o jsonpath="$1"
}

revision_is_known() {
  [ "$(set_status '{.metadata.generation}')" = "$(set_status '{.status.observedGeneration}')" ]
}

# Writes one line for each server: name, revision, active, sealed, uid. Vault sets the labels vault-active and
# vault-sealed.
list_servers() {
  line='{.metadata.name},{.metadata.labels.controller-revision-hash},{.metadata.labels.vault-active}'
  line="$line,{.metadata.labels.vault-sealed},{.metadata.uid}{\"\\n\"}"
  kubectl -n "$NAMESPACE" get pods -l "$SELECTOR" -o jsonpath="{range .items[*]}$line{end}" >"$WORK_DIR/servers"
}

# server NAME FIELD: prints a field of the server's line.
server() {
  sed -n "s/^$1,/&/p" "$WORK_DIR/servers" | cut -d , -f "$2"
}

outdated() {
  awk -F , -v revision="$revision" '$2 != revision { print $1 }' "$WORK_DIR/servers"
}

active() {
  awk -F , '$3 == "true" { print $1 }' "$WORK_DIR/servers"
}

# Succeeds if Vault is healthy and can lose as many servers as its size allows, so that one can be replaced.
vault_is_healthy() {
  login "$AUTH_PATH" "$LOGIN_ROLE" rollout || return 1
  healthy=$(as rollout vault read -field=healthy sys/storage/raft/autopilot/state) || return 1
  spare=$(as rollout vault read -field=failure_tolerance sys/storage/raft/autopilot/state) || return 1
  log_out rollout || return 1
  if [ "$healthy" != true ] || [ "$spare" -ne $(((REPLICAS - 1) / 2)) ]; then
    say "autopilot: healthy is $healthy, $spare servers could be lost" >&2
    return 1
  fi
}

# is_replaced NAME UID: succeeds if another pod has the name and the new revision, and is unsealed.
is_replaced() {
  list_servers || return 1
  if [ "$(server "$1" 5)" = "$2" ] || [ "$(server "$1" 2),$(server "$1" 4)" != "$revision,false" ]; then
    say "$1 is at revision '$(server "$1" 2)', sealed: '$(server "$1" 4)'" >&2
    return 1
  fi
}

# Autopilot checks servers every few seconds, so a restarted server may be healthy only by its last check. The server
# itself reports whether it follows the leader, and the index that it has applied.
has_caught_up() {
  committed=$(vault read -field=raft_committed_index sys/leader) || return 1
  address=$(printf '%s\n' "$VAULT_SERVERS" | tr -s ' ' '\n' | sed -n "$((${1##*-} + 1))p")
  leader=$(VAULT_ADDR=$address vault read -field=leader_address sys/leader) || return 1
  applied=$(VAULT_ADDR=$address vault read -field=raft_applied_index sys/leader) || return 1
  if [ -z "$leader" ] || [ "$applied" -lt "$committed" ]; then
    say "$1 follows '$leader' and is at $applied, the leader at $committed" >&2
    return 1
  fi
}

replace() {
  uid=$(server "$1" 5)
  say "Replacing $1."
  kubectl -n "$NAMESPACE" delete pod "$1" --wait=false
  wait_for "$SERVER_TIMEOUT_SECONDS" "$1 to run the new revision, unsealed" is_replaced "$1" "$uid"
  wait_for "$SERVER_TIMEOUT_SECONDS" "$1 to have caught up with the leader" has_caught_up "$1"
  wait_for "$SERVER_TIMEOUT_SECONDS" "Vault to be healthy with the new $1" vault_is_healthy
  list_servers
}

leadership_moved() {
  list_servers || return 1
  [ -n "$(active)" ] && [ "$(active)" != "$1" ]
}

step_down() {
  say "$1 is active: it steps down."
  login "$AUTH_PATH" "$LOGIN_ROLE" rollout
  as rollout vault operator step-down
  wait_for 120 "another server than $1 to be active" leadership_moved "$1"
}

start_clock
wait_for 60 "the StatefulSet's new revision" revision_is_known
revision=$(set_status '{.status.updateRevision}')
wait_for 60 "the list of servers" list_servers
if [ -z "$(outdated)" ]; then
  say "All servers run revision $revision."
  exit 0
fi

say "Rolling out change $CHANGE: $(outdated | tr '\n' ' ')to revision $revision."
wait_for 120 "Vault to be healthy before anything is replaced (nothing was)" vault_is_healthy
while [ -n "$(outdated)" ]; do
  standby=$(outdated | grep -v -x "$(active)" | tail -n 1)
  if [ -n "$standby" ]; then
    replace "$standby"
  elif [ "$REPLICAS" -gt 1 ]; then
    step_down "$(active)"
  else
    replace "$(active)"
  fi
done
say "All $REPLICAS servers run revision $revision."
