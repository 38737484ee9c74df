# Sourced by the other scripts: installs the Debian packages that the build needs and are missing.
# Only root can; anybody else is told their names.

packages="gcc libc6-dev cmake make pkg-config libsqlite3-dev libconfig-dev libjansson-dev libncurses-dev libxxhash-dev
	libfuse3-dev fuse3 libsystemd-dev libudev-dev libnl-3-dev libnl-genl-3-dev libiscsi-dev"

# ensure_packages PACKAGE ...: these beside the ones above.
ensure_packages() {
	missing=
	for package in $packages "$@"; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' ||
			missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" -ne 0 ]; then
		echo "These packages are missing; install them as root:$missing" >&2
		exit 1
	fi
	echo "Installing:$missing"
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
}
