# shellcheck shell=sh
# Numbers of mounts, auth mounts, policies and roles of a Vault, to compare a backup with its restored copy. Names are
# counted; no value is read.

: "${AUTH_PATH:=kubernetes}"

# count_names NAME: uses the Vault token of NAME and prints one line, such as mounts=4,auths=3,policies=6,roles=9.
count_names() {
  as "$1" vault secrets list -format=json >"$WORK_DIR/mounts.json" || return 1
  as "$1" vault auth list -format=json >"$WORK_DIR/auths.json" || return 1
  as "$1" vault policy list -format=json >"$WORK_DIR/policies.json" || return 1
  as "$1" vault list -format=json "auth/$AUTH_PATH/role" >"$WORK_DIR/roles.json" || return 1
  printf 'mounts=%s,auths=%s,policies=%s,roles=%s\n' \
    "$(grep -c '"accessor":' "$WORK_DIR/mounts.json")" "$(grep -c '"accessor":' "$WORK_DIR/auths.json")" \
    "$(grep -c '"' "$WORK_DIR/policies.json")" "$(grep -c '"' "$WORK_DIR/roles.json")"
}
