#!/usr/bin/env bash
# Deploys an account's stack for the first time: with local state, which then moves into the bucket it made.
# Further arguments go to terraform apply. Safe to run again; then the state is in the bucket already and an ordinary apply follows.
set -euo pipefail

if ! [[ "${1:-}" =~ ^[0-9]{12}$ ]]; then
  echo "usage: npm run account -- <AWS account number of 12 digits>; got \"${1:-}\"" >&2
  exit 2
fi
cd "$(dirname "$0")/.."
npm run --silent synth
stack=cdktf.out/stacks/account-$1
if [ ! -d "$stack" ]; then
  echo "no environment with shared state names the account $1" >&2
  exit 2
fi
cd "$stack"
override=first_deploy_override.tf.json
trap 'rm -f "$override"' EXIT

if answer=$(terraform init -input=false -reconfigure -no-color 2>&1); then
  echo "the state of account $1 is in its bucket already"
  terraform apply "${@:2}"
  exit
fi
if ! grep -qE 'NoSuchBucket|bucket .* does not exist' <<<"$answer"; then
  echo "$answer" >&2
  exit 1
fi
printf '{"terraform":{"backend":{"local":{"path":"first-deploy.tfstate"}}}}' >"$override"
terraform init -input=false -reconfigure
terraform apply "${@:2}"
rm -f "$override"
terraform init -input=false -migrate-state -force-copy
rm -f first-deploy.tfstate first-deploy.tfstate.backup
echo "the state of account $1 is now in its bucket"
