#!/bin/sh
# Rollout, step 1, in the Vault image: lends its vault command to step 2, whose image has none. It is a static binary.
set -eu
cp "$(command -v vault)" "${TOOLS_DIR:-/tools}/vault"
