# shellcheck shell=sh
# Shared by both sides of DR replication: access to Vault, and the exchange of a request and its answer between the
# clusters.
#
# Two Secrets Manager containers hold them: the secondary's public key, and the token that the primary encrypts for it.
# The id of a request is the version id of both. It matches an answer to its request without reading either, and makes
# a repeated write idempotent.

: "${KEY_CONTAINER:?container of the public key, which the secondary writes}"
: "${TOKEN_CONTAINER:?container of the encrypted token, which the primary writes}"
: "${SECONDARY_ID:?id by which the primary knows the secondary}"
: "${AUTH_PATH:=kubernetes}"
: "${LOGIN_ROLE:=vault-dr-replication}"
: "${TOOLS_DIR:=/tools}"
export PATH="$TOOLS_DIR:$PATH"

describe() {
  aws secretsmanager describe-secret --secret-id "$1" --output json >"$WORK_DIR/container.json" || return 1
  if grep -q '"DeletedDate"' "$WORK_DIR/container.json"; then
    stop "$1 is scheduled for deletion; restore it (aws secretsmanager restore-secret) and run again"
  fi
}

containers_are_there() {
  describe "$KEY_CONTAINER" && describe "$TOKEN_CONTAINER"
}

# request_in CONTAINER: prints the id of the container's request, or nothing if the container is empty.
request_in() {
  describe "$1" || return 1
  tr -d ' \t\n' <"$WORK_DIR/container.json" | tr ']' '\n' | sed -n 's/.*"\([^"]*\)":\[[^[]*"AWSCURRENT".*/\1/p'
}

# put CONTAINER FILE REQUEST: stores the content of the file for a request.
put() {
  aws secretsmanager put-secret-value --secret-id "$1" --secret-string "file://$2" --client-request-token "$3" --output json >"$WORK_DIR/put.json"
}

# fetch CONTAINER NAME: writes the container's content to NAME, and the id of its request to NAME-request.
fetch() {
  aws secretsmanager get-secret-value --secret-id "$1" --query '[VersionId,SecretString]' --output text >"$WORK_DIR/fetched" || return 1
  cut -f 1 <"$WORK_DIR/fetched" >"$WORK_DIR/$2-request"
  cut -f 2 <"$WORK_DIR/fetched" | tr -d '\n' >"$WORK_DIR/$2"
  rm -f "$WORK_DIR/fetched"
}

vault_is_ready() {
  vault status -format=json >"$WORK_DIR/status.json"
}

require_enterprise() {
  version=$(json_field version <"$WORK_DIR/status.json")
  case "$version" in
    *+ent*) ;;
    *) stop "DR replication needs Vault Enterprise, and $VAULT_ADDR runs $version" ;;
  esac
}

# Needs no login, so it also works on a secondary, where logins are impossible.
read_replication() {
  vault read -format=json sys/replication/dr/status >"$WORK_DIR/replication.json"
}

replication() {
  json_field "$1" <"$WORK_DIR/replication.json"
}

be_logged_in() {
  mkdir -p "$WORK_DIR/dr"
  as dr vault read -field=ttl auth/token/lookup-self >/dev/null 2>&1 || login "$AUTH_PATH" "$LOGIN_ROLE" dr
}

end_login() {
  [ ! -s "$WORK_DIR/dr/.vault-token" ] || log_out dr 2>/dev/null || true
}

trap end_login EXIT
trap 'exit 143' TERM INT
start_clock
wait_for 120 "Vault to be unsealed at $VAULT_ADDR" vault_is_ready
require_enterprise
wait_for 60 "the containers $KEY_CONTAINER and $TOKEN_CONTAINER" containers_are_there
wait_for 120 "the state of DR replication at $VAULT_ADDR" read_replication
