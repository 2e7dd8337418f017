# shellcheck shell=bash
# A desktop of our own, to be sourced: a virtual display with a window manager, the programs started on it, and ways to
# wait, to use a window and to take its picture.
#
#   . scripts/virtual-display.sh     # gives $work, a temporary folder that goes away at the end
#   display_start 1460x960
#   start waxwing target/release/waxwing --demo
#   window=$(wait_for 20 window_titled Waxwing)
#   picture target/tour/01.png
#
# Whatever is started here is ended when the script ends, however it ends, by process id. Nothing sleeps for a fixed time
# to let something happen: wait_for asks again until it has happened or the time is over, and then says what it waited for.
# Needs `scripts/system-packages.sh window`.

work=$(mktemp -d)
started=() # process ids, in the order of starting
last=      # the process started last

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "${0##*/}: $*"
    exit 1
}

# wait_for SECONDS COMMAND...: repeats the command until it succeeds, and prints what it printed then.
wait_for() {
    local seconds=$1 answer end
    shift
    end=$((SECONDS + seconds))
    while :; do
        if answer=$("$@" 2>/dev/null); then
            [ -z "$answer" ] || printf '%s\n' "$answer"
            return 0
        fi
        if [ "$SECONDS" -ge "$end" ]; then
            say "waited $seconds s in vain for: $*"
            return 1
        fi
        sleep 0.05
    done
}

# start NAME COMMAND...: starts a program; what it says goes to $work/NAME.log.
start() {
    local name=$1
    shift
    "$@" </dev/null >>"$work/$name.log" 2>&1 &
    last=$!
    started+=("$last")
}

# stop PROCESS [SIGNAL]: ends one process that was started here and waits until it is gone.
stop() {
    local process=$1 signal=${2:-TERM} kept=() other
    kill "-$signal" "$process" 2>/dev/null || true
    # A program that does not end when asked is ended for good after five seconds.
    if ! wait_for 5 gone "$process" 2>/dev/null; then
        kill -KILL "$process" 2>/dev/null || true
    fi
    wait "$process" 2>/dev/null || true
    for other in "${started[@]}"; do
        [ "$other" = "$process" ] || kept+=("$other")
    done
    started=("${kept[@]}")
}

# A process that has ended and waits to be waited for counts as gone.
gone() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
    [[ ${stat##*) } == Z* ]]
}

clean_up() {
    local result=$? log
    trap - EXIT INT TERM
    while [ ${#started[@]} -gt 0 ]; do
        stop "${started[-1]}"
    done
    if [ "$result" != 0 ]; then
        for log in "$work"/*.log; do
            [ -s "$log" ] || continue
            say "--- the end of ${log##*/}"
            tail -n 40 "$log" >&2
        done
    fi
    rm -rf "$work"
    exit "$result"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# display_start [WIDTHxHEIGHT]: a virtual display under a number nobody has, with openbox on it. From here on the home
# folder is an empty one, so whatever has to be built is built before.
display_start() {
    local size=${1:-1440x900}
    : >"$work/display"
    Xvfb -displayfd 3 -screen 0 "${size}x24" -nolisten tcp -noreset 3>"$work/display" >"$work/xvfb.log" 2>&1 </dev/null &
    started+=("$!")
    DISPLAY=:$(wait_for 10 grep -xE '[0-9]+' "$work/display") || fail "Xvfb does not start"
    export DISPLAY
    unset WAYLAND_DISPLAY
    # Nothing of the person at this machine: no session bus, no keyring, no settings.
    unset DBUS_SESSION_BUS_ADDRESS
    export HOME=$work/home XDG_CONFIG_HOME=$work/home/.config XDG_DATA_HOME=$work/home/.local/share
    export XDG_STATE_HOME=$work/home/.local/state XDG_CACHE_HOME=$work/home/.cache XDG_RUNTIME_DIR=$work/runtime
    mkdir -p "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$XDG_STATE_HOME" "$XDG_CACHE_HOME" "$XDG_RUNTIME_DIR"
    chmod 700 "$XDG_RUNTIME_DIR"
    start openbox openbox --sm-disable
    wait_for 60 window_manager_acts || fail "openbox does not start"
}

# Openbox says that it is there before it acts on anything, and what is asked of it in between gets lost. So it is asked
# again and again for something that can be seen: to have one desktop instead of its four.
window_manager_acts() {
    xdotool set_num_desktops 1
    [ "$(xdotool get_num_desktops)" = 1 ]
}

# window_titled TEXT: the id of the visible window whose title contains the text.
window_titled() {
    local found
    found=$(xdotool search --onlyvisible --name "$1" | head -n 1)
    [ -n "$found" ] && printf '%s\n' "$found"
}

# grep_property WINDOW PROPERTY TEXT: whether a property of a window contains the text. WINDOW is an id or -root.
grep_property() {
    local which=(-id "$1")
    [ "$1" != -root ] || which=(-root)
    xprop "${which[@]}" "$2" | grep -qF "$3"
}

# wants_attention WINDOW, wants_no_attention WINDOW: the urgency hint, as a taskbar reads it.
wants_attention() { xprop -id "$1" WM_HINTS | grep -qF 'urgency hint bit is set'; }
wants_no_attention() { ! wants_attention "$1"; }

has_focus() { [ "$(xdotool getactivewindow)" = "$1" ]; }

# focus WINDOW: as by a click on the taskbar; returns when the window has it.
focus() {
    xdotool windowactivate "$1"
    wait_for 5 has_focus "$1" || fail "window $1 does not get the focus"
}

# click X Y, in the window's pixels: click_in WINDOW X Y.
click_in() {
    xdotool mousemove --sync --window "$1" "$2" "$3" click 1
}

# type_text TEXT and press KEY go to whatever has the focus, as from a keyboard.
type_text() { xdotool type --delay 8 -- "$1"; }
press() { xdotool key --clearmodifiers -- "$@"; }

# picture FILE [WINDOW]: the screen, or one window without its frame.
picture() {
    mkdir -p "$(dirname "$1")"
    import -window "${2:-root}" "$1"
}

# shows_colour FILE_OF_PICTURE '#RRGGBB' PIXELS [PART]: whether at least so many pixels have this colour, or nearly: as near
# as thin strokes come to theirs. PART is WIDTHxHEIGHT+LEFT+TOP.
shows_colour() {
    local count part=()
    [ -z "${4:-}" ] || part=(-crop "$4" +repage)
    count=$(convert "$1" "${part[@]}" -alpha off -fuzz 7% -fill black +opaque "$2" -fill white -opaque "$2" \
        -format '%[fx:round(mean*w*h)]' info:)
    [ "$count" -ge "$3" ]
}

# now_shows_colour '#RRGGBB' PIXELS [WINDOW [PART]]: the same of the screen or a window as it is now; for wait_for.
now_shows_colour() {
    picture "$work/now.png" "${3:-root}"
    shows_colour "$work/now.png" "$1" "$2" "${4:-}"
}

# free_port: a TCP port of this machine that nobody listens on now.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 20000))
        if ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            printf '%s\n' "$port"
            return
        fi
    done
}

# answers URL: whether a server says 2xx there.
answers() { curl --silent --fail --max-time 2 --output /dev/null "$1"; }

# post_signed URL SECRET FILE: posts a file as WhatsApp posts a webhook, signed over its bytes; prints the status code.
post_signed() {
    local signature
    signature=$(openssl dgst -sha256 -hmac "$2" -r "$3" | cut -d ' ' -f 1)
    curl --silent --show-error --max-time 10 --output "$work/reply" --write-out '%{http_code}\n' \
        --header 'Content-Type: application/json' --header "X-Hub-Signature-256: sha256=$signature" \
        --data-binary "@$3" "$1"
}
