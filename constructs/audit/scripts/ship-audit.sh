#!/bin/sh
# Sends Vault's audit log on by syslog-ng, and rotates it. What the sink has not confirmed stays on the audit volume.
#
# Files of the audit volume, each generation of the log being in one place:
#   audit.log              what Vault writes
#   waiting/NUMBER.log     rotated; its turn has not come
#   shipping/NUMBER.log    the one that is read; while Vault still writes it, a second name of audit.log
#   sent/NUMBER.log        the last one that the sink has confirmed as a whole
# One generation after the other is read, so entries keep their order. syslog-ng knows a file by its name, so a
# generation that is read must not be renamed: that is what the second name is for.
#
# SERVER: name of the pod; AUDIT_FOLDER: the volume; CONFIGURATION_FOLDER: with shipper.conf
# CREDENTIAL: file with the sink's token
# STATE_FOLDER, RUN_FOLDER: on disk; in memory, because the configuration there holds the token
# SOCKET: where Vault's second audit device writes to
# ROTATE_BYTES: size from which a file is rotated; INTERVAL: seconds between two looks; VAULT_PROCESS: name of Vault
set -u
umask 077
live=$AUDIT_FOLDER/audit.log
waiting=$AUDIT_FOLDER/waiting shipping=$AUDIT_FOLDER/shipping sent=$AUDIT_FOLDER/sent
configuration=$RUN_FOLDER/syslog-ng.conf control=$RUN_FOLDER/control
mkdir -p "$waiting" "$shipping" "$sent" || exit 1

say() {
  printf 'audit-shipper: %s\n' "$1"
}

# The token goes from file to file: no argument and no environment of a process holds it.
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

# The oldest file of a folder, or nothing.
oldest() {
  for file in "$1"/*.log; do
    [ -e "$file" ] && printf '%s\n' "$file"
    return
  done
}

# Numbers have ten digits from 1,000,000,001 on, so that their order is that of names and none starts with 0.
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

# Vault goes on in the file that it has open until it is told; whatever that is called by then, it is read to its end.
rotate() {
  reading=$(oldest "$shipping")
  if [ -n "$reading" ] && [ "$(inode "$reading")" = "$(inode "$live")" ]; then
    rm "$live" || return
  else
    mv "$live" "$waiting/$(next_number).log" || return
  fi
  hang_up
}

# Somebody was ended between the two steps of a rotation: Vault still writes to the newest generation.
resume_rotation() {
  newest=$(newest_number)
  for file in "$waiting/$newest.log" "$shipping/$newest.log"; do
    [ -e "$file" ] || continue
    size=$(stat -c %s "$file")
    [ "$file $size" = "${known:-$file $size}" ] || hang_up
    known="$file $size"
  done
}

# Whether the sink has confirmed all that syslog-ng has handed on. Its count of what is queued leaves out what it is
# just sending.
is_confirmed() {
  syslog-ng-ctl stats --control="$control" 2>/dev/null |
    awk -F ';' '$1 == "dst.http" && $2 ~ /^d_file#/ { count[$5] += $6 }
      END { exit !("written" in count && count["processed"] == count["written"]) }'
}

# Whether a file was read to its end and all of that was confirmed.
is_shipped() {
  for descriptor in /proc/"$shipper"/fd/*; do
    [ "$(readlink "$descriptor")" = "$1" ] || continue
    position=$(sed -n 's/^pos:[[:space:]]*//p' "/proc/$shipper/fdinfo/${descriptor##*/}")
    [ "$position" = "$(stat -c %s "$1")" ] && is_confirmed
    return
  done
  return 1
}

# Takes away what was shipped, and has the next generation read.
advance() {
  reading=$(oldest "$shipping")
  if [ -n "$reading" ]; then
    # Vault may still write to it: it is the live file, or Vault has not opened a new one.
    [ -e "$live" ] && [ "$(inode "$reading")" != "$(inode "$live")" ] || return
    # Twice, because what was read may not have been handed on at the first look.
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
# What a predecessor left. A socket that nobody reads would be in the way.
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
