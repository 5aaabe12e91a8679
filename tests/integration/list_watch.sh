#!/bin/bash
# sockeye list --watch and -K: what opens, changes, closes; what is destroyed, and what would be.
source "$(dirname "$0")/../harness/lib.sh"
need "$PYTHON" ss

cat >"$TMPDIR/serve.py" <<'P'
import socket
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", 7201)); s.listen()
keep = []
while True: keep.append(s.accept()[0])
P
"$PYTHON" "$TMPDIR/serve.py" &
check "a server" wait_for 10 listening 7201

# --- events ---
events=$TMPDIR/events
"$SOCKEYE" list --watch=0.1 --json -t port:7201 >"$events" 2>"$TMPDIR/watch.err" &
watch=$!
seen() { # EVENT STATE [COUNT]
	[ "$(grep "\"event\":\"$1\"" "$events" | grep -c "\"state\":\"$2\"")" -ge "${3-1}" ]
}
check "what is there is opened first" wait_for 10 seen opened LISTEN
exec 8<>/dev/tcp/127.0.0.1/7201
check "both ends of a connection open" wait_for 5 seen opened ESTABLISHED 2
printf hello >&8
check "bytes that wait are a change" wait_for 5 bash -c "grep '\"event\":\"changed\"' '$events' | grep -q '\"recv_q\":5'"
exec 8>&-
check "a new state is a change" wait_for 5 seen changed CLOSE-WAIT
check "each fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/watch.json <"$events"
kill -INT $watch
wait $watch
is "SIGINT ends it well" $? 0
# On a busy machine a look may take longer than the interval, and is told of.
is "nothing was wrong" "$(grep -v "a look takes" "$TMPDIR/watch.err")" ""

# A filter by state: a socket that leaves the state is told as closed.
"$SOCKEYE" list --watch=0.1 --json -t state:established dport:7201 >"$events" &
watch=$!
check "it waits" wait_for 5 bash -c "(( 0x\$(awk '/SigBlk/ {print \$2}' /proc/$watch/status) & 2 ))"
exec 8<>/dev/tcp/127.0.0.1/7201
check "opened" wait_for 5 seen opened ESTABLISHED
exec 8>&-
check "left the filter" wait_for 5 grep -q '"event":"closed"' "$events"
kill -TERM $watch
wait $watch
is "SIGTERM too" $? 0

# As text, and into a pipe that closes.
"$SOCKEYE" list --watch=0.1 -tl port:7201 >"$events" &
watch=$!
check "a line an event" wait_for 5 grep -Eq '^\+ [0-9:.]+ +tcp +LISTEN .*127\.0\.0\.1:7201' "$events"
kill -INT $watch
wait $watch
like "the total at the end" "$(tail -n 1 "$events")" '^[0-9]+ opened, [0-9]+ changed, [0-9]+ closed$'
timeout 10 bash -c "'$SOCKEYE' list --watch=60 -tl port:7201 2>'$TMPDIR/pipe.err' | head -n 1 >/dev/null"
is "it ends when nobody reads" $? 0
is "quietly" "$(cat "$TMPDIR/pipe.err")" ""

# --- many sockets, more often than they can be looked at ---
load=$TMPDIR/loadgen
if check "the load builds" "${CC:-cc}" -O1 -pthread -o "$load" tests/bench/loadgen.c; then
	"$load" -n 2000 -p 4 >"$load.out" &
	loading=$!
	check "2,000 sockets" wait_for 20 grep -q ready "$load.out"
	"$SOCKEYE" list --watch=0.01 --json -t >"$events" 2>"$TMPDIR/slow.err" &
	watch=$!
	check "it slows down and says so" wait_for 20 grep -Eq 'a look takes [0-9]+ ms: there is one every [0-9]+ ms' "$TMPDIR/slow.err"
	kill $loading
	check "it goes on" wait_for 20 grep -q '"event":"closed"' "$events"
	kill -INT $watch
	wait $watch
	is "it says so once" "$(grep -c 'a look takes' "$TMPDIR/slow.err")" 1
	awk '/a look takes/ { exit !($12 >= 4 * $5) }' "$TMPDIR/slow.err"
	is "a quarter of the time at most" $? 0
fi

# --- destroying ---
exec 8<>/dev/tcp/127.0.0.1/7201
check "a connection" wait_for 5 bash -c '[ -n "$(ss -Htn state established dport = :7201)" ]'
exits "a dry run" 0 "$SOCKEYE" list -K state:established dport:7201
like "shows it" "$out" '^tcp +ESTABLISHED '
like "counts it" "$out" '^1 socket would be destroyed; --yes does it$'
is "does nothing" "$(ss -Htn state established dport = :7201 | wc -l)" 1
exits "-K without a filter" 2 "$SOCKEYE" list -K --yes
exits "--yes without -K" 2 "$SOCKEYE" list --yes port:1
exits "with --yes" 0 "$SOCKEYE" list -K --yes --json state:established dport:7201
like "its total" "$out" '"destroy":\{"dry_run":false,"matched":1,"destroyed":1,"gone":0,"failed":0,"unfit":0\}'
check "it fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/list.json <<<"$out"
is "it is gone" "$(ss -Htn state established dport = :7201 | wc -l)" 0
exits "what cannot be destroyed" 0 "$SOCKEYE" list -K --yes proto:unix or proto:netlink
like "is left alone" "$out" '^0 of 0 sockets destroyed'
exec 8>&- 2>/dev/null
exit $((failures > 0))
