#!/bin/bash
# sockeye list while hundreds of connections a second come and go: no owner is ever wrong, in one look and in --watch;
# what opens closes; a closed socket has its last counters. tests/bench/churn.c makes them and writes down the truth.
source "$(dirname "$0")/../harness/lib.sh"
need "$PYTHON" "${CC:-cc}"

churn=$TMPDIR/churn
check "the churn builds" "${CC:-cc}" -O1 -o "$churn" tests/bench/churn.c || exit 1
# What is said on stderr. In a user namespace a process that ends is closed to us for a moment: that is hinted at.
said() {
	grep -q '^ *0 .* 1$' /proc/self/uid_map && { grep -v 'are hidden' "$1"; return; }
	cat "$1"
}
judge() { "$PYTHON" tests/integration/churn_check.py "$@"; }

run_churn() { # LOG OPTIONS…: goes on in the background, $made is it
	local log=$1
	shift
	"$churn" "$@" "$log" >"$log.out" &
	made=$!
	wait_for 10 grep -q ready "$log.out"
}

# --- one look after the other ---
sysctl -qw net.ipv4.tcp_max_tw_buckets=0 2>/dev/null && all=--all-closed || all=
run_churn "$TMPDIR/truth" -c 400 -s 3
while kill -0 $made 2>/dev/null; do "$SOCKEYE" list -t --json; done >"$TMPDIR/rows" 2>"$TMPDIR/rows.err"
wait $made
is "the churn went well" $? 0
check "no owner is wrong, look by look" judge rows "$TMPDIR/truth" <"$TMPDIR/rows"
is "nothing was said" "$(said "$TMPDIR/rows.err")" ""

# --- followed ---
mark() { # PORT: a listener that a look then tells of
	"$PYTHON" -c '
import signal, socket, sys
s = socket.socket(); s.bind(("127.0.0.1", int(sys.argv[1]))); s.listen(); signal.pause()' "$1" >/dev/null 2>&1 &
	wait_for 10 grep -q "\"port\":$1" "$events"
}

# followed NAME INTERVAL PORT PROGRAM: a churn of 4 s, to its end
followed() {
	local watch log=$TMPDIR/truth-$1
	events=$TMPDIR/events-$1
	"$4" list --watch="$2" --json -t >"$events" 2>"$events.err" &
	watch=$!
	check "$1: it looks" mark "$3"
	run_churn "$log" -c 400 -s 4
	wait $made
	is "$1: the churn went well" $? 0
	# A socket that died during a look is told of in the next one.
	check "$1: a look after that" mark $(($3 + 1))
	check "$1: and another" mark $(($3 + 2))
	kill -INT $watch
	wait $watch
	is "$1: SIGINT ends it" $? 0
	is "$1: nothing was wrong" "$(said "$events.err" | grep -v 'a look takes')" ""
}
followed closing 0.2 7950 "$SOCKEYE"
# shellcheck disable=SC2086
check "closing: every event is true, all have closed" judge events "$TMPDIR/truth-closing" $all <"$events"

sysctl -qw net.ipv4.tcp_max_tw_buckets=100000 2>/dev/null
by_proc "$TMPDIR/by-proc"
followed time-wait 0.05 7960 "$TMPDIR/by-proc"
check "time-wait: every event is true" judge events "$TMPDIR/truth-time-wait" <"$events"
exit $((failures > 0))
