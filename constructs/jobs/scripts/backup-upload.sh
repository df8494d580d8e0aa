#!/bin/sh
# Backup, step 2, in the AWS image: uploads the snapshot and its metadata to the bucket, which retains them.
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

: "${SNAPSHOT_DIR:=/snapshot}"
: "${BUCKET:?name of the bucket}"
: "${PREFIX:=}"

file=$SNAPSHOT_DIR/vault.snap
target=s3://$BUCKET/$PREFIX$(cat "$SNAPSHOT_DIR/name")
metadata=$(cat "$SNAPSHOT_DIR/metadata")

# S3 rejects the upload if the data does not match the checksum that was sent.
upload() {
  aws s3 cp "$file" "$target" --metadata "$metadata" --checksum-algorithm SHA256 --only-show-errors
}

case "$metadata" in
  *"sha256=$(sha256sum <"$file" | cut -d ' ' -f 1),"*) ;;
  *) fail "$file is not what was saved" ;;
esac
wait_for "$TIMEOUT_SECONDS" "the upload to $target" upload
say "Uploaded: $target"
