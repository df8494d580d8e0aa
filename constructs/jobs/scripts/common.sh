# shellcheck shell=sh
# Shared by the scripts of the jobs: places, messages, waiting. POSIX sh, as busybox has it.
#
# Secrets stay in files under WORK_DIR, which is a memory volume in a pod. A vault command gets its token from the
# token file of its HOME (see `as`), never from an argument or from the environment.
set -eu
umask 077
unset VAULT_TOKEN VAULT_NAMESPACE

: "${WORK_DIR:=/work}"
: "${SCRIPTS_DIR:=$(dirname "$0")}"
: "${VAULT_CACERT:=/vault/ca/ca.crt}"
: "${SERVICE_ACCOUNT_TOKEN:=/var/run/secrets/vault/token}"
: "${TIMEOUT_SECONDS:=840}"
: "${POLL_SECONDS:=5}"
export VAULT_ADDR VAULT_CACERT AWS_PAGER=

# Messages reach the log even where a command's stderr is kept back.
exec 3>&2

say() {
  printf '%s\n' "$*"
}

# Ends with a cause that another try may overcome.
fail() {
  printf 'FAILED: %s\n' "$*" >&3
  exit 1
}

# Ends with a cause that needs a person: the Job is not tried again.
stop() {
  printf 'STOPPED: %s\n' "$*" >&3
  exit 64
}

# The first step of a job starts its clock; the later ones, in containers of their own, read it.
start_clock() {
  mkdir -p "$WORK_DIR"
  echo "$(($(date +%s) + TIMEOUT_SECONDS))" >"$WORK_DIR/deadline"
}

# Sets `deadline`: the end of the job's time, in seconds since 1970.
read_deadline() {
  [ -d "$WORK_DIR" ] || fail "the folder $WORK_DIR was deleted while this job was at work"
  deadline=$(cat "$WORK_DIR/deadline" 2>/dev/null) || deadline=
  case "$deadline" in
    '' | *[!0-9]*)
      start_clock
      deadline=$(cat "$WORK_DIR/deadline")
      ;;
  esac
}

time_is_over() {
  read_deadline
  [ "$(date +%s)" -ge "$deadline" ]
}

# utc SECONDS FORMAT: a time for people to read. The date programs of GNU and busybox take -d, that of BSD takes -r.
utc() {
  date -u -d "@$1" "$2" 2>/dev/null || date -u -r "$1" "$2"
}

# wait_for SECONDS WHAT COMMAND...: tries until it succeeds, for so long or until the job's time is over. What the
# last try wrote to stderr becomes part of the message.
wait_for() {
  wait_until=$(($(date +%s) + $1)) wait_what=$2
  shift 2
  until "$@" 2>"$WORK_DIR/last-error"; do
    if time_is_over || [ "$(date +%s)" -ge "$wait_until" ]; then
      fail "waited in vain for $wait_what: $(tail -n 12 "$WORK_DIR/last-error")"
    fi
    sleep "$POLL_SECONDS"
  done
}

# as NAME COMMAND...: with the Vault token that NAME holds, if any.
as() {
  as_home=$WORK_DIR/$1
  shift
  HOME=$as_home "$@"
}

# login MOUNT ROLE NAME: NAME then holds a Vault token of the role, got for the pod's own ServiceAccount token.
login() {
  mkdir -p "$WORK_DIR/$3"
  vault write -field=token "auth/$1/login" role="$2" jwt=@"$SERVICE_ACCOUNT_TOKEN" >"$WORK_DIR/$3/new" || return 1
  mv "$WORK_DIR/$3/new" "$WORK_DIR/$3/.vault-token"
}

log_out() {
  as "$1" vault token revoke -self >/dev/null
  rm -f "$WORK_DIR/$1/.vault-token"
}

# json_field NAME <JSON: a string, number or boolean whose name occurs once.
json_field() {
  tr -d ' \t\n' | sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p'
}

# Vault's status goes to a file; exit code 2 is an answer too (sealed or not initialised).
server_status() {
  VAULT_ADDR=$1 vault status -format=json >"$WORK_DIR/status.json" || [ $? -eq 2 ]
}
