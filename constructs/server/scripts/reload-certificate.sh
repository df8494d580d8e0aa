#!/bin/sh
# Sends SIGHUP to Vault when its certificate was renewed. Vault then reads the certificate again, without a restart.
# TLS_FOLDER: folder of the certificate; INTERVAL: seconds between two checks.
set -u
folder=${TLS_FOLDER:-/vault/tls}
interval=${INTERVAL:-10}

fingerprint() {
  cat "$folder/tls.crt" "$folder/tls.key" | sha256sum
}

known=$(fingerprint)
while sleep "$interval"; do
  now=$(fingerprint)
  [ "$now" = "$known" ] && continue
  # A server that is down reads the certificate when it starts, so a missed signal needs no retry.
  for pid in $(pidof vault); do
    kill -HUP "$pid" && echo "certificate renewed: told Vault (process $pid)"
  done
  known=$now
done
