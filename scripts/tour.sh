#!/usr/bin/env bash
# The guided tour: the real window on a virtual display, the embedded gateway, a WhatsApp network in a box. A customer
# writes, waits until the indicator is red, is answered, and reads it; then the dark theme, the settings, the sign-in
# screen and a gateway that is away. A picture of every step goes to target/tour/.
# The waiting is shortened; everything else is as it runs for an agent.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/system-packages.sh build run window
locked=()
[ -z "${CI:-}" ] || locked=(--locked)
cargo build --release "${locked[@]}"
programs=${CARGO_TARGET_DIR:-target}/release
# shellcheck source=scripts/virtual-display.sh
. scripts/virtual-display.sh

out=target/tour
rm -rf "$out"
number=0
# step NAME SENTENCE: takes the picture of what has just been reached.
step() {
    number=$((number + 1))
    picture "$out/$(printf '%02d' "$number")-$1.png" "$window"
    printf '%s/%02d-%s.png  %s\n' "$out" "$number" "$1" "$2"
}

# The window's parts, as WIDTHxHEIGHT+LEFT+TOP: the mark and the status have some of the indicator's colours, the bar of
# interactions has not.
bar=296x840+0+60
status=300x48+70+0
connection=700x48+700+0
badge=70x24+386+56
conversation=1130x560+300+190
composer=1100x60+316+790
settings=300x300+1110+150
form=400x340+520+250
password_field=360x37+540+478
gear=(1356 24)

# colour NAME [THEME]
colour() { sed -nE "s/^$1 = \"(#[0-9A-Fa-f]{6})\".*/\1/p" "assets/theme/${2:-light}.toml"; }
# shown NAME PART PIXELS [THEME]: the colour stands in that part of the window; for wait_for.
shown() { now_shows_colour "$(colour "$1" "${4:-light}")" "$3" "$window" "$2"; }
simulator_url() { grep -m 1 -oE 'simulator="?http://[0-9.:]+' "$work/$1.log" | grep -oE 'http://[0-9.:]+'; }
received() { curl --silent --fail --max-time 2 "$simulator/control/sent" | grep -qF "$1"; }

# open NAME ARGUMENT...: starts the desktop and finds its window.
open() {
    local name=$1
    shift
    start "$name" env NO_COLOR=1 "$programs/waxwing" --sounds false "$@"
    desktop=$last
    window=$(wait_for 60 window_titled Waxwing) || fail "the window does not open"
    focus "$window"
}

# Room for the window with its frame.
display_start 1460x960

open light --demo --theme light --late-after 6 --overdue-after 12
simulator=$(wait_for 30 simulator_url light) || fail "the demo does not start"
wait_for 60 shown fresh "$status" 20 || fail "the agent does not get ready"
step ready "The window is open, the agent is ready."
wait_for 60 shown fresh "$bar" 60 || fail "no customer writes"
step customer-waits "A customer has written; the indicator is green."
wait_for 20 shown late_ring "$bar" 60 || fail "the indicator does not turn yellow"
step waiting-long "Nobody has answered for 6 seconds: yellow. (30 seconds unless set otherwise.)"
wait_for 20 shown overdue "$bar" 60 || fail "the indicator does not turn red"
step waiting-too-long "12 seconds: red, and flashing. (50 seconds unless set otherwise.)"

press ctrl+j
wait_for 10 shown accent_soft "$bar" 2000 || fail "the interaction does not open"
step opened "Ctrl+J goes to whoever has waited longest."
answer="Good morning! Yes, it comes in green, blue and a warm red."
type_text "$answer"
wait_for 10 shown text "$composer" 60 || fail "what is typed does not appear"
step answering "The answer is typed."
press Return
wait_for 10 received "$answer" || fail "the answer does not reach WhatsApp"
step answered "Sent: the indicator is out."
wait_for 30 shown tick "$conversation" 8 || fail "the answer is not read"
step read "The customer has read it: blue ticks."
wait_for 20 shown fresh "$badge" 20 || fail "the customer does not write back"
type_text "With pleasure. It leaves our house today."
wait_for 10 shown text "$composer" 60 || fail "what is typed does not appear"
step written-back "The customer has written back; the others still wait."

click_in "$window" "${gear[@]}"
wait_for 10 shown surface "$settings" 60000 || fail "the settings do not open"
step settings "What an agent may set."
# Out of the way of the pictures that follow.
xdotool mousemove 20 940
stop "$desktop"

open dark --demo --theme dark --late-after 4 --overdue-after 9
simulator=$(wait_for 30 simulator_url dark) || fail "the demo does not start"
wait_for 90 shown overdue "$bar" 60 dark || fail "the indicator does not turn red"
press ctrl+j
wait_for 10 shown accent_soft "$bar" 2000 dark || fail "the interaction does not open"
type_text "$answer"
press Return
wait_for 10 received "$answer" || fail "the answer does not reach WhatsApp"
wait_for 20 shown fresh "$badge" 20 dark || fail "the customer does not write back"
type_text "With pleasure. It leaves our house today."
wait_for 10 shown text "$composer" 60 dark || fail "what is typed does not appear"
step dark "The dark theme, with everybody else still waiting."
stop "$desktop"

# A gateway as a process of its own, so that it can go away.
port=$(free_port)
printf 'a quiet waxwing\n' >"$work/password"
gateway=("$programs/waxwing-gateway" --data-folder "$work/gateway")
"${gateway[@]}" agent add ana --name "Ana Silva" --password-file "$work/password" >/dev/null
start gateway "${gateway[@]}" serve --listen "127.0.0.1:$port"
wait_for 30 answers "http://127.0.0.1:$port/v1/ready" || fail "the gateway does not start"
serving=$last
open away --gateway "http://127.0.0.1:$port" --theme light --data "$work/desktop"
wait_for 30 shown accent "$form" 300 || fail "the sign-in screen does not open"
type_text ana
press Tab
wait_for 10 shown accent "$password_field" 100 || fail "the password's field does not get the focus"
step sign-in "The sign-in screen."
type_text "a quiet waxwing"
press Return
wait_for 30 shown late_ring "$status" 20 || fail "the agent is not signed in"
stop "$serving" KILL
wait_for 30 shown overdue "$connection" 60 || fail "the window does not say that the gateway is away"
step gateway-away "The gateway is away; the window says since when, and tries again by itself."
