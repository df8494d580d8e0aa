#!/bin/sh
# Sends Vault's audit log to the SIEM with syslog-ng, and rotates it. Entries that the sink has not confirmed stay on
# the audit volume.
#
# Files of the audit volume. Each generation of the log is in one place:
#   audit.log              the file that Vault writes
#   waiting/NUMBER.log     rotated, not read yet
#   shipping/NUMBER.log    the file that syslog-ng reads; a second name of audit.log while Vault still writes it
#   sent/NUMBER.log        the last file that the sink has confirmed completely
# syslog-ng reads one generation after the other, so entries keep their order. It identifies a file by its name, so the
# file that it reads must not be renamed. The second name makes that possible.
#
# SERVER: name of the pod; AUDIT_FOLDER: the volume; CONFIGURATION_FOLDER: folder of shipper.conf
# CREDENTIAL: file with the sink's token
# STATE_FOLDER: on disk; RUN_FOLDER: in memory, because its configuration contains the token
# SOCKET: the socket that Vault's second audit device writes to
# ROTATE_BYTES: size at which a file is rotated; INTERVAL: seconds between two checks; VAULT_PROCESS: name of Vault's
# process
set -u
umask 077
live=$AUDIT_FOLDER/audit.log
waiting=$AUDIT_FOLDER/waiting shipping=$AUDIT_FOLDER/shipping sent=$AUDIT_FOLDER/sent
configuration=$RUN_FOLDER/syslog-ng.conf control=$RUN_FOLDER/control
mkdir -p "$waiting" "$shipping" "$sent" || exit 1

say() {
  printf 'audit-shipper: %s\n' "$1"
}

# The token is copied from file to file, so no argument and no environment of a process contains it.
configure() {
  token=$(cat -- "$CREDENTIAL") || return 1
  case $token in
    '' | *[!A-Za-z0-9._~+/=:-]*)
      say "the sink's token must be letters, digits and . _ ~ + / = : -, in one line; it is not, or empty"
      return 1
      ;;
  esac
  {
    printf '@version: 4.8\n'
    printf '@define %s "%s"\n' token "$token" server "$SERVER" shipping "$shipping" state "$STATE_FOLDER" \
      socket "$SOCKET" configuration "$CONFIGURATION_FOLDER"
    printf '@include "%s/shipper.conf"\n' "$CONFIGURATION_FOLDER"
  } >"$configuration.new" && mv "$configuration.new" "$configuration"
  unset token
}

inode() {
  stat -c %i "$1" 2>/dev/null
}

# oldest FOLDER: prints its oldest file, or nothing.
oldest() {
  for file in "$1"/*.log; do
    [ -e "$file" ] && printf '%s\n' "$file"
    return
  done
}

# Numbers start at 1,000,000,001 and have ten digits, so they sort by name and none starts with 0.
newest_number() {
  for file in "$waiting"/*.log "$shipping"/*.log "$sent"/*.log; do
    [ -e "$file" ] && basename "$file" .log
  done | sort | tail -n 1
}

next_number() {
  last=$(newest_number)
  echo $((${last:-1000000000} + 1))
}

hang_up() {
  for pid in $(pidof "$VAULT_PROCESS"); do
    kill -HUP "$pid" && say "told Vault (process $pid) to open its audit log anew"
  done
}

# Vault writes to its open file until it gets SIGHUP. That file is read to its end, even under another name.
rotate() {
  reading=$(oldest "$shipping")
  if [ -n "$reading" ] && [ "$(inode "$reading")" = "$(inode "$live")" ]; then
    rm "$live" || return
  else
    mv "$live" "$waiting/$(next_number).log" || return
  fi
  hang_up
}

# Sends SIGHUP again if a rotation was interrupted between its two steps: Vault then still writes to the newest
# generation, so the file grows.
resume_rotation() {
  newest=$(newest_number)
  for file in "$waiting/$newest.log" "$shipping/$newest.log"; do
    [ -e "$file" ] || continue
    size=$(stat -c %s "$file")
    [ "$file $size" = "${known:-$file $size}" ] || hang_up
    known="$file $size"
  done
}

# Succeeds if the sink has confirmed everything that syslog-ng passed on. The count of queued entries is not enough: it
# omits the entries that are being sent.
is_confirmed() {
  syslog-ng-ctl stats --control="$control" 2>/dev/null |
    awk -F ';' '$1 == "dst.http" && $2 ~ /^d_file#/ { count[$5] += $6 }
      END { exit !("written" in count && count["processed"] == count["written"]) }'
}

# is_shipped FILE: succeeds if the file was read to its end and the sink has confirmed all of it.
is_shipped() {
  for descriptor in /proc/"$shipper"/fd/*; do
    [ "$(readlink "$descriptor")" = "$1" ] || continue
    position=$(sed -n 's/^pos:[[:space:]]*//p' "/proc/$shipper/fdinfo/${descriptor##*/}")
    [ "$position" = "$(stat -c %s "$1")" ] && is_confirmed
    return
  done
  return 1
}

# Moves a shipped generation to sent/, deletes the one before it, and starts to read the next generation.
advance() {
  reading=$(oldest "$shipping")
  if [ -n "$reading" ]; then
    # Vault may still write to the file that is read: it is the live file, or Vault has not opened a new one.
    [ -e "$live" ] && [ "$(inode "$reading")" != "$(inode "$live")" ] || return
    # Require two checks in a row: at the first one, syslog-ng may not have passed on all that it read.
    if ! is_shipped "$reading"; then
      shipped=
      return
    fi
    if [ "${shipped:-}" != "$reading" ]; then
      shipped=$reading
      return
    fi
    rm -f "$sent"/*.log
    mv "$reading" "$sent/" || return
    say "shipped ${reading##*/}"
  fi
  first=$(oldest "$waiting")
  if [ -n "$first" ]; then
    mv "$first" "$shipping/"
  elif [ -e "$live" ]; then
    ln "$live" "$shipping/$(next_number).log"
  fi
}

configure || exit 1
renewed_from=$(cksum <"$CREDENTIAL")
# Delete the socket of an earlier process: with no reader it would block the new one.
rm -f "$SOCKET"
syslog-ng -F --stderr --no-caps --cfgfile="$configuration" --control="$control" --pidfile="$RUN_FOLDER/pid" \
  --persist-file="$STATE_FOLDER/positions" &
shipper=$!
trap 'kill -TERM "$shipper"; wait "$shipper"; exit 0' TERM INT

while kill -0 "$shipper" 2>/dev/null; do
  if [ -e "$live" ]; then
    [ "$(stat -c %s "$live")" -lt "$ROTATE_BYTES" ] || rotate
  else
    resume_rotation
  fi
  advance
  now=$(cksum <"$CREDENTIAL")
  if [ "$now" != "$renewed_from" ]; then
    configure && syslog-ng-ctl reload --control="$control" >/dev/null && say "the sink's token was renewed"
    renewed_from=$now
  fi
  sleep "${INTERVAL:-1}" &
  wait $!
done
wait "$shipper"
say "syslog-ng has ended with status $?"
exit 1
