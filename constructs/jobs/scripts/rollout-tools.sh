#!/bin/sh
# Rollout, step 1, in the Vault image: copies the vault command, a static binary, for step 2. The image of step 2 has
# none.
set -eu
cp "$(command -v vault)" "${TOOLS_DIR:-/tools}/vault"
