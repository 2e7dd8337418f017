#!/usr/bin/env bash
# Sees to it that what Rust can't bring along is here.
#   scripts/system-packages.sh build|run|window|test|package|check...
# Looks for each thing itself, not for its package, so that it is quiet on any system that has it. What is missing is
# installed at once through apt where that is possible (as root or with a sudo that asks nothing); otherwise one sentence
# names it.
set -euo pipefail

missing=()

# need PACKAGE COMMAND...: the package is missing unless the command succeeds.
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

program() { command -v "$1"; }

libraries=
# library NAME: whether the dynamic linker knows it. Where it can't be asked, the library is taken to be there.
library() {
    if [ -z "$libraries" ]; then
        libraries=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null || true)
        [ -n "$libraries" ] || libraries=unknown
    fi
    [ "$libraries" = unknown ] || grep -qF "$1 " <<<"$libraries"
}

# Whether there is a font for Hindi.
devanagari() { find /usr/share/fonts /usr/local/share/fonts -iname '*deva*' -print -quit 2>/dev/null | grep -q .; }

# Whether Unicode's test data are where the tests look for them.
unicode_data() {
    local folder
    for folder in "${UNICODE_DATA:-}" /usr/share/unicode /usr/share/unicode/ucd; do
        [ ! -e "$folder/BidiTest.txt" ] || return 0
    done
    return 1
}

for group in "$@"; do
    case $group in
    build) # to compile and link both programs
        need gcc program cc
        need libc6-dev test -e /usr/include/stdlib.h
        need pkg-config program pkg-config
        need libasound2-dev pkg-config --exists alsa
        ;;
    run) # loaded by the desktop when it opens its window
        need libgl1 library libGL.so.1
        need libegl1 library libEGL.so.1
        need libxkbcommon0 library libxkbcommon.so.0
        need libxkbcommon-x11-0 library libxkbcommon-x11.so.0
        need libx11-xcb1 library libX11-xcb.so.1
        need libxcursor1 library libXcursor.so.1
        need libxi6 library libXi.so.6
        need libxrandr2 library libXrandr.so.2
        # Contacts of the demo write Hindi; most desktops have a font for it, bare machines don't.
        need fonts-lohit-deva devanagari
        ;;
    window) # to open the window on a virtual display, and to use it and the gateway from outside
        need xvfb program Xvfb
        need openbox program openbox
        need xdotool program xdotool
        need imagemagick program import
        need x11-utils program xprop
        need xclip program xclip
        need curl program curl
        need openssl program openssl
        ;;
    test) # what tests compare with
        need unicode-data unicode_data
        need poppler-utils program pdftotext
        ;;
    package) # to make what people install
        need binutils program objdump
        need dpkg program dpkg-deb
        ;;
    check) # for .ci/run
        need make program make
        need shellcheck program shellcheck
        need python3-venv python3 -c 'import ensurepip, venv'
        ;;
    *)
        echo "${0##*/}: unknown group '$group'" >&2
        exit 2
        ;;
    esac
done

[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
    as_root=(sudo -n)
fi
if ! command -v apt-get >/dev/null || ! "${as_root[@]}" true 2>/dev/null; then
    echo "Please install what is missing here (by its Debian name): ${missing[*]}." >&2
    exit 1
fi

echo "Installing ${missing[*]}"
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get --quiet --quiet --option=DPkg::Lock::Timeout=120 "$@" </dev/null; }
if ! apt install --yes --no-install-recommends "${missing[@]}" >/dev/null 2>&1; then
    # A fresh machine has no lists of packages yet, or old ones.
    apt update >/dev/null
    apt install --yes --no-install-recommends "${missing[@]}" >/dev/null
fi
