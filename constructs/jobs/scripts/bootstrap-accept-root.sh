#!/bin/sh
# Reads a root token from stdin for a bootstrap that waits for one. The custodians run it inside the bootstrap's
# container.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

mkdir -p "$WORK_DIR/root"
cat >"$WORK_DIR/root/new"
[ -s "$WORK_DIR/root/new" ] || fail "no token came by stdin"
mv "$WORK_DIR/root/new" "$WORK_DIR/root/.vault-token"
say "Handed over. The bootstrap goes on and revokes the token when it is done."
