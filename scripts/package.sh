#!/bin/sh
# Builds the Debian packages of what is committed or changed here: package.sh [FOLDER], where they
# go, build-packages by default. The bytes depend on the sources alone.
set -eu
cd "$(dirname "$0")/.."
. scripts/packages.sh

ensure_packages debhelper dpkg-dev fakeroot
mkdir -p "${1:-build-packages}"
folder=$(cd "${1:-build-packages}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/odmcfg"
git ls-files -z --cached --others --exclude-standard | tar -c --null --ignore-failed-read -T - |
	tar -x -C "$work/odmcfg"
cd "$work/odmcfg"
DEB_BUILD_OPTIONS="parallel=$(nproc)" dpkg-buildpackage -b -us -uc >"$folder/build.log" 2>&1 || {
	tail -n 40 "$folder/build.log" >&2
	exit 1
}
cp "$work"/*.deb "$work"/*.changes "$work"/*.buildinfo "$folder"
ls "$folder"/*.deb
