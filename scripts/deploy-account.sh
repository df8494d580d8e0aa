#!/usr/bin/env bash
# Deploys an account's stack, the first time with local state, which then moves into the bucket it made.
# Further arguments go to terraform apply. Safe to run again at any point: a first deploy that did not end is taken
# up where it stopped; once the state is in the bucket, an ordinary apply follows.
set -euo pipefail

if ! [[ "${1:-}" =~ ^[0-9]{12}$ ]]; then
  echo "usage: npm run account -- <AWS account number of 12 digits> [arguments of terraform apply]; got \"${1:-}\"" >&2
  exit 2
fi
account=$1
shift
cd "$(dirname "$0")/.."
# Not beside the synthesized stack: what is synthesized may be deleted at any time, and this is the only copy.
first_state=$PWD/terraform.account-$account.tfstate
npm run --silent synth
stack=cdktf.out/stacks/account-$account
if [ ! -d "$stack" ]; then
  echo "no environment with shared state names the account $account" >&2
  exit 2
fi
cd "$stack"
override=first_deploy_override.tf.json
adoption=first_deploy_adoption.tf.json
trap 'rm -f "$override" "$adoption"' EXIT

if [ -s "$first_state" ]; then
  echo "taking up the first deploy of account $account; its state is still in $first_state"
elif answer=$(terraform init -input=false -reconfigure -no-color 2>&1); then
  echo "the state of account $account is in its bucket already"
  terraform apply "$@"
  exit
elif ! grep -qE 'NoSuchBucket|bucket .* does not exist' <<<"$answer"; then
  echo "$answer" >&2
  exit 1
fi

printf '{"terraform":{"backend":{"local":{"path":"%s"}}}}' "$first_state" >"$override"
# An account has one provider for GitHub at most. Where somebody has made it, it is taken up, and the plan shows that.
provider=arn:aws:iam::$account:oidc-provider/token.actions.githubusercontent.com
if ! command -v aws >/dev/null; then
  echo "note: aws is not on PATH, so nobody looks whether the account has GitHub's OIDC provider already" >&2
elif aws --region us-east-1 iam get-open-id-connect-provider --open-id-connect-provider-arn "$provider" >/dev/null 2>&1; then
  printf '{"import":[{"to":"aws_iam_openid_connect_provider.GithubOidc","id":"%s"}]}' "$provider" >"$adoption"
fi
terraform init -input=false -reconfigure
terraform apply "$@"
resources=$(terraform state list)

rm "$override"
if ! terraform init -input=false -migrate-state -force-copy || [ "$(terraform state list)" != "$resources" ]; then
  echo "the state of account $account did not arrive in its bucket; it is still in $first_state: run this again" >&2
  exit 1
fi
rm -f "$first_state" "$first_state.backup"
echo "the state of account $account is now in its bucket"
