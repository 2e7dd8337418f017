#!/usr/bin/env bash
# Makes what people install, in target/package/: for each of the two programs a Debian package, and one archive with both
# for other systems. Each comes with its commented configuration and the licences.
set -euo pipefail
cd "$(dirname "$0")/.."

locked=()
[ -z "${CI:-}" ] || locked=(--locked)
cargo build --release "${locked[@]}" --package waxwing --package waxwing-gateway --bins

programs=${CARGO_TARGET_DIR:-target}/release
out=target/package
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
architecture=$(dpkg --print-architecture)
maintainer='Waxwing contributors <maintainers@waxwing.invalid>'
rm -rf "$out"
mkdir -p "$out"

# The newest C library that a program asks for.
libc_version() {
    objdump -T "$1" | grep -oE 'GLIBC_[0-9.]+' | sort -uV | tail -n 1 | cut -d _ -f 2
}

# put MODE SOURCE TARGET, where the source may not be there yet.
put() {
    [ ! -e "$2" ] || install -D -m "$1" "$2" "$3"
}

# deb PROGRAM SUMMARY DEPENDENCIES: the folder $out/PROGRAM, filled in so far, becomes a package.
deb() {
    local program=$1 folder=$out/$1 about
    about=$folder/usr/share/doc/$program
    install -D -m 755 --strip "$programs/$program" "$folder/usr/bin/$program"
    install -D -m 644 README.md "$about/README.md"
    install -D -m 644 LICENSE-MIT "$about/copyright"
    put 644 docs/operator.md "$about/operator.md"
    install -d "$folder/DEBIAN"
    cat >"$folder/DEBIAN/control" <<END
Package: $program
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Section: net
Priority: optional
Installed-Size: $(du --summarize --block-size=1K "$folder" | cut -f 1)
Depends: libc6 (>= $(libc_version "$programs/$program")), libgcc-s1$3
Description: $2
END
    dpkg-deb --root-owner-group -Zxz --build "$folder" "$out/${program}_${version}_$architecture.deb" >/dev/null
    rm -rf "$folder"
}

desktop=$out/waxwing
install -D -m 644 scripts/waxwing.desktop "$desktop/usr/share/applications/waxwing.desktop"
put 644 assets/icons/waxwing.svg "$desktop/usr/share/icons/hicolor/scalable/apps/waxwing.svg"
put 644 assets/icons/waxwing.png "$desktop/usr/share/icons/hicolor/256x256/apps/waxwing.png"
put 644 config/waxwing.toml "$desktop/usr/share/doc/waxwing/waxwing.toml"
deb waxwing 'desktop for agents who answer customers on WhatsApp' \
    ', libasound2 | libasound2t64, libgl1, libegl1, libxkbcommon0, libxkbcommon-x11-0, libx11-xcb1, libxcursor1, libxi6, libxrandr2'

put 644 config/gateway.toml "$out/waxwing-gateway/usr/share/doc/waxwing-gateway/gateway.toml"
put 644 config/responses.toml "$out/waxwing-gateway/usr/share/doc/waxwing-gateway/responses.toml"
deb waxwing-gateway 'server between the Waxwing desktops and WhatsApp' ', ca-certificates'

archive=waxwing-$version-$(uname -m)-linux
install -d "$out/$archive"
install -m 755 --strip "$programs/waxwing" "$programs/waxwing-gateway" "$out/$archive"
install -m 644 README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT scripts/waxwing.desktop "$out/$archive"
for file in config/waxwing.toml config/gateway.toml config/responses.toml docs/operator.md; do
    put 644 "$file" "$out/$archive/$file"
done
tar --create --gzip --owner=0 --group=0 --numeric-owner --sort=name --directory "$out" --file "$out/$archive.tar.gz" "$archive"
rm -rf "${out:?}/$archive"

ls -l "$out"
