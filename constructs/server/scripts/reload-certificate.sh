#!/bin/sh
# Has Vault read its certificate again when it was renewed: Vault does so on SIGHUP, without a restart.
# TLS_FOLDER: where the certificate is; INTERVAL: seconds between two looks.
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
  # A server that is down reads the certificate when it starts, so there is nothing to make up for.
  for pid in $(pidof vault); do
    kill -HUP "$pid" && echo "certificate renewed: told Vault (process $pid)"
  done
  known=$now
done
