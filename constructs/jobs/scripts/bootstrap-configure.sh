#!/bin/sh
# Bootstrap, step 4, in the Vault image: creates the first audit device and the mount auth/terraform with its roles,
# then revokes the root token. The role `bootstrap` is written last: a login with it proves that the rest was written.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

: "${POLICIES_DIR:=$SCRIPTS_DIR}"
: "${NAMESPACE:=vault}"
: "${DEPLOY_SERVICE_ACCOUNT:=vault-terraform}"
: "${BOOTSTRAP_SERVICE_ACCOUNT:=vault-bootstrap}"
: "${AUDIT_FILE:=/vault/audit/audit.log}"
: "${KUBERNETES_HOST:=https://kubernetes.default.svc:443}"
: "${ROOT_SEARCH_LIMIT:=2000}"
: "${HAND_OVER_COMMAND:=kubectl -n $NAMESPACE exec -i $(hostname) -c configure -- sh $SCRIPTS_DIR/bootstrap-accept-root.sh}"
export VAULT_MAX_RETRIES=5

vault_is_ready() {
  vault status -format=json >"$WORK_DIR/status.json"
}

# entry NAME <LIST: prints one object of a list such as {"bootstrap-file/": {...}}, at most two levels deep.
entry() {
  tr -d ' \t\n' | sed -n 's|.*"'"$1"'/":{\([^{}]*\({[^{}]*}[^{}]*\)*\)}.*|\1|p'
}

has() {
  case "$1" in
    *"$2"*) return 0 ;;
    *) return 1 ;;
  esac
}

audit_device() {
  as "$1" vault audit list -detailed -format=json >"$WORK_DIR/audit.json" && entry bootstrap-file <"$WORK_DIR/audit.json"
}

auth_mount() {
  as "$1" vault auth list -format=json >"$WORK_DIR/auth.json" && entry terraform <"$WORK_DIR/auth.json"
}

check_audit_device() {
  has "$1" '"type":"file"' && has "$1" "\"file_path\":\"$AUDIT_FILE\"" && has "$1" '"mode":"0600"'
}

is_root() {
  [ "$(as root vault read -field=policies auth/token/lookup-self)" = '[root]' ]
}

# Deletes the token if Vault answers that it is not, or no longer, a root token. It is kept if Vault does not answer.
judge_root_token() {
  if is_root 2>"$WORK_DIR/lookup-error"; then return 0; fi
  cat "$WORK_DIR/lookup-error" >&2
  [ ! -s "$WORK_DIR/lookup-error" ] || grep -q 'Code: 403' "$WORK_DIR/lookup-error" || return 1
  rm -f "$WORK_DIR/root/.vault-token"
}

holds_root() {
  [ -s "$WORK_DIR/root/.vault-token" ]
}

# All commands can be repeated: a reply may be lost after the change was made.
configure() {
  device=$(audit_device root) || return 1
  if [ -z "$device" ]; then
    set -- -path=bootstrap-file -description="First audit device; made by the bootstrap" file
    set -- "$@" file_path="$AUDIT_FILE" mode=0600 elide_list_responses=true
    as root vault audit enable "$@" || return 1
  elif ! check_audit_device "$device"; then
    stop "the audit device bootstrap-file exists and is another than file_path=$AUDIT_FILE mode=0600: $device"
  fi

  as root vault policy write terraform-deploy "$POLICIES_DIR/deploy-policy.hcl" || return 1
  as root vault policy write terraform-bootstrap "$POLICIES_DIR/bootstrap-policy.hcl" || return 1

  mount=$(auth_mount root) || return 1
  if [ -z "$mount" ]; then
    as root vault auth enable -path=terraform -description="Logins of Terraform; made by the bootstrap" kubernetes || return 1
  elif ! has "$mount" '"type":"kubernetes"'; then
    stop "auth/terraform exists and is not of type kubernetes: $mount"
  fi

  # In a pod, Vault verifies tokens with its own ServiceAccount. Elsewhere it uses a CA and a reviewer token.
  set -- kubernetes_host="$KUBERNETES_HOST"
  [ -z "${KUBERNETES_CA_CERT:-}" ] || set -- "$@" disable_local_ca_jwt=true kubernetes_ca_cert=@"$KUBERNETES_CA_CERT"
  [ -z "${TOKEN_REVIEWER_JWT:-}" ] || set -- "$@" token_reviewer_jwt=@"$TOKEN_REVIEWER_JWT"
  as root vault write auth/terraform/config "$@" || return 1

  set -- bound_service_account_namespaces="$NAMESPACE" audience=vault token_ttl=30m token_max_ttl=30m
  set -- "$@" bound_service_account_names="$DEPLOY_SERVICE_ACCOUNT" token_policies=terraform-deploy
  as root vault write auth/terraform/role/deploy "$@" || return 1

  set -- bound_service_account_namespaces="$NAMESPACE" audience=vault token_ttl=30m token_max_ttl=30m
  set -- "$@" bound_service_account_names="$BOOTSTRAP_SERVICE_ACCOUNT" token_policies=terraform-bootstrap
  as root vault write auth/terraform/role/bootstrap "$@" || return 1
}

differs() {
  say "$*" >&2
  return 1
}

# same LABEL EXPECTED PATH FIELD: compares a field with its expected value.
same() {
  found=$(as bootstrap vault read -field="$4" "$3") || return 1
  [ "$found" = "$2" ] || differs "$1 is '$found', expected '$2'"
}

same_role() {
  role=auth/terraform/role/$1
  same "$role: ServiceAccount" "[$2]" "$role" bound_service_account_names || return 1
  same "$role: namespace" "[$NAMESPACE]" "$role" bound_service_account_namespaces || return 1
  same "$role: audience" vault "$role" audience || return 1
  same "$role: policies" "[$3]" "$role" token_policies || return 1
  same "$role: ttl" 1800 "$role" token_ttl || return 1
  same "$role: longest ttl" 1800 "$role" token_max_ttl
}

# Checks the configuration with a login of the role `bootstrap`, and prints the first difference to stderr.
verify() {
  as bootstrap vault read -field=ttl auth/token/lookup-self >/dev/null 2>&1 || login terraform bootstrap bootstrap || return 1
  device=$(audit_device bootstrap) || return 1
  check_audit_device "$device" || differs "the audit device bootstrap-file is not as wanted: ${device:-none}" || return 1
  has "$(auth_mount bootstrap)" '"type":"kubernetes"' || differs "auth/terraform is not there" || return 1
  same "auth/terraform/config: host" "$KUBERNETES_HOST" auth/terraform/config kubernetes_host || return 1
  for policy in deploy bootstrap; do
    found=$(as bootstrap vault read -field=policy "sys/policies/acl/terraform-$policy") || return 1
    [ "$found" = "$(cat "$POLICIES_DIR/$policy-policy.hcl")" ] || differs "the policy terraform-$policy is not the one of this version" || return 1
  done
  same_role deploy "$DEPLOY_SERVICE_ACCOUNT" terraform-deploy || return 1
  same_role bootstrap "$BOOTSTRAP_SERVICE_ACCOUNT" terraform-bootstrap
}

# Vault 2.0 and later allow generate-root only with a login, unless the configuration of the servers allows it without.
root_needs_a_login() {
  case "$(json_field version <"$WORK_DIR/status.json")" in
    0.* | 1.*) return 1 ;;
    *) return 0 ;;
  esac
}

# Asks each server without a token, because any of them may become active. A server that does not answer counts as
# closed: it serves no requests.
generate_root_is_closed() {
  for server in ${VAULT_SERVERS:-$VAULT_ADDR}; do
    if HOME=$WORK_DIR/nobody VAULT_ADDR=$server vault operator generate-root -status >/dev/null 2>&1; then
      say "$server starts a new root token for whoever asks" >&2
      return 1
    fi
  done
}

ask_custodians() {
  read_deadline
  say "ROOT NEEDED: this bootstrap has no root token, and without one it cannot go on:"
  say "  $(tail -n 4 "$WORK_DIR/last-error" | tr '\n' ' ')"
  say "The holders of the recovery shares make a new one and hand it over; it is revoked when this run is done:"
  if root_needs_a_login; then
    say "  0. Where nobody can log in: put enable_unauthenticated_access = [\"generate-root\"] into the servers'"
    say "     configuration and send them SIGHUP. This run ends well only when it is closed again."
  fi
  say "  1. One of them:                vault operator generate-root -init"
  say "     It shows a nonce, for everyone, and a one-time password, for the last step."
  say "  2. As many as the threshold:   vault operator generate-root -nonce=NONCE"
  say "     It asks for the share (PGP-encrypted shares are decrypted first); the last of them gets the encoded token."
  say "  3. The first one again:        echo ENCODED | vault operator generate-root -decode=- -otp=PASSWORD |"
  say "       $HAND_OVER_COMMAND"
  say "Waiting until $(utc "$deadline" '+%H:%M:%S UTC')."
}

root_or_standing() {
  if holds_root; then
    judge_root_token || return 1
    if holds_root; then return 0; fi
    say "What was handed over is not a root token of this Vault; waiting for another." >&3
  fi
  verify
}

refused() {
  if as root vault read -field=policies auth/token/lookup-self >/dev/null 2>"$WORK_DIR/lookup-error"; then return 1; fi
  cat "$WORK_DIR/lookup-error" >&2
  grep -q 'Code: 403' "$WORK_DIR/lookup-error"
}

revoke_root() {
  as root vault token revoke -self >/dev/null || say "revoking failed or its answer was lost"
  refused
}

# Revokes root tokens that an interrupted run or an operator left behind.
revoke_lost_roots() {
  as bootstrap vault list -format=json auth/token/accessors >"$WORK_DIR/accessors.json"
  tr -d '[]", \t' <"$WORK_DIR/accessors.json" | sed '/^$/d' >"$WORK_DIR/accessors"
  tokens=$(wc -l <"$WORK_DIR/accessors")
  if [ "$tokens" -gt "$ROOT_SEARCH_LIMIT" ]; then
    say "Vault has $tokens tokens, more than $ROOT_SEARCH_LIMIT: not searched for a root token that was left behind."
    return
  fi
  while read -r accessor; do
    # The token may have expired since the list was read.
    policies=$(as bootstrap vault write -field=policies auth/token/lookup-accessor accessor="$accessor" 2>/dev/null) || continue
    if [ "$policies" = '[root]' ]; then
      as bootstrap vault token revoke -accessor "$accessor" >/dev/null
      say "Revoked a root token that was left behind (accessor $accessor)."
    fi
  done <"$WORK_DIR/accessors"
  say "Looked at all $tokens tokens: none of them is root."
}

wait_for "$TIMEOUT_SECONDS" "Vault to be unsealed at $VAULT_ADDR" vault_is_ready
if holds_root; then wait_for 120 "Vault to judge the root token" judge_root_token; fi
if ! holds_root && ! verify 2>"$WORK_DIR/last-error"; then
  ask_custodians
  wait_for "$TIMEOUT_SECONDS" "a root token of the custodians" root_or_standing
fi

if holds_root; then
  wait_for 180 "the first configuration to be written" configure
  say "Written: audit device bootstrap-file, auth/terraform with the roles deploy and bootstrap."
  rm -f "$WORK_DIR/bootstrap/.vault-token"
  wait_for 60 "the login of the role bootstrap and what it verifies" verify
  wait_for 60 "the root token to be revoked and refused" revoke_root
  rm -f "$WORK_DIR/root/.vault-token"
  say "The root token is revoked, and Vault refuses it."
fi
revoke_lost_roots
log_out bootstrap
if root_needs_a_login && ! generate_root_is_closed 2>"$WORK_DIR/last-error"; then
  say "CLOSE generate-root: root is revoked and the login stands, but $(cat "$WORK_DIR/last-error")."
  say "Take enable_unauthenticated_access out of the servers' configuration and send them SIGHUP."
  wait_for "$TIMEOUT_SECONDS" "generate-root to be closed at every server" generate_root_is_closed
  say "Closed: no server starts a root token without a login."
fi
say "Verified: audit device, auth/terraform, its policies and roles. Nothing holds root."
