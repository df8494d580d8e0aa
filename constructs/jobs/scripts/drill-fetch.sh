#!/bin/sh
# Restore and restore drill, step 1, in the AWS image: fetches the latest snapshot and checks its age and its checksum.
# SNAPSHOT: name of another snapshot to fetch. MAX_AGE_SECONDS: empty to allow any age.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

: "${SNAPSHOT_DIR:=/snapshot}"
: "${BUCKET:?name of the bucket}"
: "${PREFIX:=}"
: "${MAX_AGE_SECONDS=93600}"
: "${SNAPSHOT:=}"

# Names begin with the time, so the last name is the latest snapshot.
find_latest() {
  # shellcheck disable=SC2016 # the backticks are JMESPath's
  aws s3api list-objects-v2 --bucket "$BUCKET" --prefix "$PREFIX" --output json \
    --query 'sort((Contents || `[]`)[?ends_with(Key, `.snap`)].Key)[-1]' >"$WORK_DIR/latest.json"
}

describe() {
  aws s3api head-object --bucket "$BUCKET" --key "$key" --query Metadata --output json >"$WORK_DIR/metadata.json"
}

fetch() {
  aws s3 cp "s3://$BUCKET/$key" "$SNAPSHOT_DIR/vault.snap" --only-show-errors
}

noted() {
  json_field "$1" <"$WORK_DIR/metadata.json"
}

start_clock
mkdir -p "$SNAPSHOT_DIR"
key=$SNAPSHOT
if [ -z "$key" ]; then
  wait_for 120 "the list of s3://$BUCKET/$PREFIX" find_latest
  key=$(sed -n 's/^"\(.*\)"$/\1/p' "$WORK_DIR/latest.json")
  [ -n "$key" ] || stop "there is no snapshot in s3://$BUCKET/$PREFIX"
fi
wait_for 120 "the metadata of $key" describe

created=$(noted created)
expected=$(noted sha256)
case "$created" in
  '' | *[!0-9]*) expected= ;;
esac
if [ -z "$expected" ]; then
  stop "$key has no time or no checksum in its metadata; it is not a snapshot of the backup job"
fi
age=$(($(date +%s) - created))
if [ -n "$MAX_AGE_SECONDS" ] && [ "$age" -gt "$MAX_AGE_SECONDS" ]; then
  stop "the latest snapshot, $key, is $age s old, more than $MAX_AGE_SECONDS: backups fail"
fi

wait_for "$TIMEOUT_SECONDS" "the snapshot $key" fetch
found=$(sha256sum <"$SNAPSHOT_DIR/vault.snap" | cut -d ' ' -f 1)
[ "$found" = "$expected" ] || stop "$key is damaged: its checksum is $found, not $expected"
cp "$WORK_DIR/metadata.json" "$SNAPSHOT_DIR/metadata.json"
say "Fetched: $key, $age s old, $(wc -c <"$SNAPSHOT_DIR/vault.snap") bytes, checksum as noted."
