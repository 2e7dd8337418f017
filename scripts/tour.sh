#!/usr/bin/env bash
# The guided tour: the real window on a virtual display, the embedded gateway, a WhatsApp network in a box. A customer
# writes, waits until the indicator is red, is answered, and reads it. A picture of every step goes to target/tour/.
# The waiting is shortened; everything else is as it runs for an agent.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/system-packages.sh build run window
locked=()
[ -z "${CI:-}" ] || locked=(--locked)
cargo build --release "${locked[@]}"
program=${CARGO_TARGET_DIR:-target}/release/waxwing
# shellcheck source=scripts/virtual-display.sh
. scripts/virtual-display.sh

out=target/tour
rm -rf "$out"
number=0
# step NAME SENTENCE: takes the picture of what has just been reached.
step() {
    number=$((number + 1))
    picture "$out/$(printf '%02d' "$number")-$1.png"
    printf '%s/%02d-%s.png  %s\n' "$out" "$number" "$1" "$2"
}

# colour NAME: of the light theme.
colour() { sed -nE "s/^$1 = \"(#[0-9A-Fa-f]{6})\".*/\1/p" assets/theme/light.toml; }
simulator_url() { grep -m 1 -oE 'simulator="?http://[0-9.:]+' "$work/waxwing.log" | grep -oE 'http://[0-9.:]+'; }
received() { curl --silent --fail --max-time 2 "$simulator/control/sent" | grep -qF "$1"; }

display_start 1440x900
start waxwing env NO_COLOR=1 "$program" --demo --theme light --late-after 6 --overdue-after 12 --sounds false
window=$(wait_for 30 window_titled Waxwing) || fail "the window does not open"
simulator=$(wait_for 30 simulator_url) || fail "the demo does not start"
focus "$window"

wait_for 60 now_shows_colour "$(colour fresh)" 20 || fail "no customer writes"
step customer-waits "A customer has written; the indicator is green."
wait_for 20 now_shows_colour "$(colour late_ring)" 20 || fail "the indicator does not turn yellow"
step waiting-long "Nobody has answered for 6 seconds: yellow. (30 seconds unless set otherwise.)"
wait_for 20 now_shows_colour "$(colour overdue)" 20 || fail "the indicator does not turn red"
step waiting-too-long "12 seconds: red, and flashing. (50 seconds unless set otherwise.)"

press ctrl+j
type_text "Good morning! Let me look into that for you."
step answering "Ctrl+J goes to whoever has waited longest; the answer is typed."
press Return
wait_for 10 received "Let me look into that" || fail "the answer does not reach WhatsApp"
step answered "Sent: the indicator is out."
wait_for 30 now_shows_colour "$(colour tick)" 8 || fail "the answer is not read"
step read "The customer has read it: blue ticks."
