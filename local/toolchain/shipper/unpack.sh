#!/bin/sh
# Unpacks syslog-ng of Debian 13 and its dependencies into a folder. The version is that of the production image, on
# any version of Debian. Nothing is installed; apt verifies the packages with Debian's keys.
# FOLDER: the target. It then contains the commands syslog-ng and syslog-ng-ctl, which work only there.
set -eu
folder=$1
work=$folder/work
mkdir -p "$work/lists/partial" "$work/archives/partial" "$folder/root"
: >"$work/status"
mirror=$(apt-get indextargets --format "\$(REPO_URI)" | grep -m 1 '/debian/$')
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$work/sources.list"

apt() {
  apt-get -qq -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o Dir::State::lists="$work/lists" -o Dir::State::status="$work/status" -o Dir::Cache="$work" \
    -o Dir::Cache::archives="$work/archives" -o APT::Sandbox::User= "$@" </dev/null
}
apt update
apt install --yes --no-install-recommends --download-only syslog-ng-core syslog-ng-mod-http
for package in "$work"/archives/*.deb; do
  dpkg-deb --extract "$package" "$folder/root"
done
rm -rf "$work"

# The commands use the unpacked libraries, and the loader that belongs to them.
libraries=$(find "$folder/root/usr/lib" -maxdepth 1 -name '*-linux-gnu')
loader=$(find "$folder/root" -name 'ld-linux-*.so.*' | head -n 1)
modules=$(find "$folder/root/usr/lib/syslog-ng" -maxdepth 1 -name '[0-9]*')
write_command() {
  printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' \
    "$loader" "$libraries:$folder/root/usr/lib/syslog-ng" "$folder/root/usr/sbin/$1" |
    sed "s|\"\\\$@\"|$2 &|" >"$folder/$1"
  chmod 755 "$folder/$1"
}
write_command syslog-ng "--module-path=\"$modules\""
write_command syslog-ng-ctl ""
