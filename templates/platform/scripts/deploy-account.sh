#!/usr/bin/env bash
# Deploys the stack of an account. The first deploy uses local state, which then moves to the bucket that it created.
# Further arguments are passed to terraform apply. You can run this again at any point: an interrupted first deploy
# continues where it stopped. Once the state is in the bucket, an ordinary apply follows.
set -euo pipefail

if ! [[ "${1:-}" =~ ^[0-9]{12}$ ]]; then
  echo "usage: npm run account -- <AWS account number of 12 digits> [arguments of terraform apply]; got \"${1:-}\"" >&2
  exit 2
fi
account=$1
shift
if [ ! -f cdktf.json ]; then
  echo "There is no cdktf.json in $PWD; run this in the folder of your CDK app." >&2
  exit 1
fi
# Not beside the synthesized stack: synthesized files may be deleted at any time, and this is the only copy.
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

# Succeeds if Terraform has written the state completely.
is_whole() {
  node -e 'process.exit(typeof JSON.parse(fs.readFileSync(process.argv[1])).lineage === "string" ? 0 : 1)' "$1" 2>/dev/null
}

# Terraform treats an empty state file as a first deploy and would create the state bucket's key a second time.
require_whole_state() {
  if is_whole "$first_state" || { [ ! -e "$first_state" ] && [ ! -e "$first_state.backup" ]; }; then return; fi
  what="is empty or not whole, as after a run that was killed"
  [ -e "$first_state" ] || what="is missing, but not its backup"
  echo "The state of account $account $what: $first_state" >&2
  echo "Nothing was planned or changed." >&2
  if is_whole "$first_state.backup"; then
    echo "The backup has the state from before the last run. Put it back and run this again:" >&2
    printf '  cp %q %q\n' "$first_state.backup" "$first_state" >&2
    echo "It does not name what the last run created. Import that or delete it." >&2
  else
    echo "There is no backup. The killed run may have created the key, the state bucket or GitHub's OIDC provider." >&2
    echo "Look for what cdktf.out/stacks/account-$account/cdk.tf.json names in the account, and delete it there. Then run:" >&2
    printf '  rm -f %q %q\n' "$first_state" "$first_state.backup" >&2
  fi
  exit 1
}

require_whole_state
if [ -e "$first_state" ]; then
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
# AWS allows one GitHub OIDC provider per account. An existing one is imported, which the plan shows.
# Region and partition are those of the synthesized stack.
region=$(grep -oE '"region": *"[a-z0-9-]+"' cdk.tf.json | head -n 1 | cut -d '"' -f 4 || true)
partition=$(grep -oE 'arn:aws[a-z-]*:iam:' cdk.tf.json | head -n 1 | cut -d : -f 2 || true)
provider=arn:${partition:-aws}:iam::$account:oidc-provider/token.actions.githubusercontent.com
if ! command -v aws >/dev/null; then
  echo "note: aws is not on PATH, so nobody looks whether the account has GitHub's OIDC provider already" >&2
elif aws --region "${region:-us-east-1}" iam get-open-id-connect-provider --open-id-connect-provider-arn "$provider" >/dev/null 2>&1; then
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
# Delete the state last: a backup alone counts as a lost state.
rm -f "$first_state.backup"
rm -f "$first_state"
echo "the state of account $account is now in its bucket"
