#!/bin/bash
# The Debian packages: built twice with the same bytes, nothing for lintian to say, installed in a clean
# Debian 12, used there, removed and purged with nothing left. Root, and a mirror that apt reaches.
# usage: packages.sh
set -eu
cd "$(dirname "$0")/.."
. scripts/packages.sh
ensure_packages debhelper dpkg-dev fakeroot lintian mmdebstrap
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" && exit 1; }

scripts/package.sh "$work/first" >/dev/null
scripts/package.sh "$work/second" >/dev/null
for package in "$work"/first/*.deb; do
	cmp -s "$package" "$work/second/${package##*/}" || fail "${package##*/} has other bytes the second time"
done
lintian --fail-on error,warning "$work"/first/*.changes || fail "lintian"

cat >"$work/use" <<'END'
set -eu
export PATH=/usr/libexec/odmcfg:$PATH
odmcfg init --machine /usr/share/odmcfg/schemas/machines/small.cfg
cfgmgr
lsdev -C | grep -q '^tmscsi1'
chdev -l tmscsi1 -a num_bufs=32 -P
lsattr -El tmscsi1 -a num_bufs -F value --pending | grep -q 32
odmcfg kexd --stop
END
cat >"$work/link" <<'END'
set -eu
mkdir /tmp/user && cd /tmp/user
cat >CMakeLists.txt <<'LISTS'
cmake_minimum_required(VERSION 3.25)
project(user C)
find_package(odmcfg 0.1 REQUIRED)
add_executable(user user.c)
target_link_libraries(user odmcfg::cfg)
LISTS
cat >user.c <<'CODE'
#include <cf.h>
#include <odmi.h>
#include <sys/cfgodm.h>
int main(void)
{
	int count = 0;
	return odm_initialize() < 0 || getattr("sys0", "realmem", FALSE, &count) == 0;
}
CODE
cmake . >/dev/null && make >/dev/null
END
packages=$(find "$work/first" -name '*.deb' ! -name '*dbgsym*')
mmdebstrap --quiet --variant=apt --include="gcc,libc6-dev,make,cmake,$(echo $packages | tr ' ' ',')" \
	--hook-dir=/usr/share/mmdebstrap/hooks/file-mirror-automount \
	--customize-hook="copy-in $work/use $work/link /tmp" \
	--customize-hook='chroot "$1" sh /tmp/use' --customize-hook='chroot "$1" sh /tmp/link' \
	--customize-hook='chroot "$1" apt-get -qq purge odmcfg odmcfg-host libodmcfg-dev libodm0 libcfg0 libkex0' \
	--customize-hook='cd "$1" && ! find etc usr var/lib var/log -path var/lib/dpkg -prune -o -name "*odmcfg*" -print -o -name objrepos -print | grep .' \
	bookworm /dev/null || fail "in a clean Debian"
