#!/usr/bin/env bash
# Runs the unit tests on cdktn, the maintained fork of cdktf, from a copy in a temporary folder.
# Arguments are passed to jest.
set -euo pipefail
cd "$(dirname "$0")/.."
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

git ls-files -z | xargs -0 cp --parents -t "$copy"
cd "$copy"
# npm refuses an override that differs from the direct dependency, so both name the fork.
node -e '
  const manifest = require("./package.json");
  manifest.devDependencies.cdktf = "npm:cdktn@^0.24.0";
  manifest.devDependencies.constructs = ">=10.6.0 <10.8.0";
  manifest.overrides = { ...manifest.overrides, cdktf: manifest.devDependencies.cdktf };
  delete manifest.devDependencies["cdktf-cli"];
  require("fs").writeFileSync("package.json", JSON.stringify(manifest, null, 2));
'
rm package-lock.json
npm install --no-fund --no-audit --silent
engine=$(node -p 'require("cdktf/package.json").name')
if [ "$engine" != cdktn ]; then
  echo "the tests must run on cdktn here, got $engine" >&2
  exit 1
fi
npx jest --selectProjects units --maxWorkers=100% "$@"
