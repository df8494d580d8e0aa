# shellcheck shell=sh
# Shared by the scripts of the jobs: paths, messages, retries. POSIX sh, limited to the features of busybox.
#
# Secrets stay in files below WORK_DIR, a memory volume in a pod. A vault command reads its token from the token file of
# its HOME (see `as`), never from an argument or from the environment.
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

# Messages reach the log even if the stderr of a command is redirected.
exec 3>&2

say() {
  printf '%s\n' "$*"
}

# Ends the script with an error that a retry may solve.
fail() {
  printf 'FAILED: %s\n' "$*" >&3
  exit 1
}

# Ends the script with an error that an operator must fix: Kubernetes does not retry the Job.
stop() {
  printf 'STOPPED: %s\n' "$*" >&3
  exit 64
}

# Sets the deadline of the job in its first step. The later steps run in other containers and read it.
start_clock() {
  mkdir -p "$WORK_DIR"
  echo "$(($(date +%s) + TIMEOUT_SECONDS))" >"$WORK_DIR/deadline"
}

# Sets `deadline` to the end of the job, in seconds since 1970.
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

# utc SECONDS FORMAT: prints a time in UTC. The date commands of GNU and busybox use -d, the one of BSD uses -r.
utc() {
  date -u -d "@$1" "$2" 2>/dev/null || date -u -r "$1" "$2"
}

# wait_for SECONDS LABEL COMMAND...: retries the command until it succeeds, SECONDS have passed or the job's time is
# over. The error message contains the stderr of the last try.
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

# as NAME COMMAND...: runs the command with the Vault token of NAME, if there is one.
as() {
  as_home=$WORK_DIR/$1
  shift
  HOME=$as_home "$@"
}

# login MOUNT ROLE NAME: logs in with the pod's ServiceAccount token and stores the Vault token of the role as NAME.
login() {
  mkdir -p "$WORK_DIR/$3"
  vault write -field=token "auth/$1/login" role="$2" jwt=@"$SERVICE_ACCOUNT_TOKEN" >"$WORK_DIR/$3/new" || return 1
  mv "$WORK_DIR/$3/new" "$WORK_DIR/$3/.vault-token"
}

log_out() {
  as "$1" vault token revoke -self >/dev/null
  rm -f "$WORK_DIR/$1/.vault-token"
}

# json_field NAME <JSON: prints a string, number or boolean. The name must occur only once.
json_field() {
  tr -d ' \t\n' | sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p'
}

# server_status ADDRESS: writes Vault's status to a file. Exit code 2 is a valid answer: the server is sealed or not
# initialised.
server_status() {
  VAULT_ADDR=$1 vault status -format=json >"$WORK_DIR/status.json" || [ $? -eq 2 ]
}
