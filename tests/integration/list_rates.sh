#!/bin/bash
# list --watch: bytes a second of each TCP socket, by the kernel's own counters, without a capture and without a privilege.
source "$(dirname "$0")/../harness/lib.sh"
need "$PYTHON"

mkfifo "$TMPDIR/do"
"$PYTHON" tests/harness/traffic.py 7410 <"$TMPDIR/do" >"$TMPDIR/said" &
exec 7>"$TMPDIR/do"
check "a server and its client" wait_for 10 grep -q ready "$TMPDIR/said"

events=$TMPDIR/events
"$SOCKEYE" list --watch=0.5 --json -i -t dport:7410 >"$events" 2>"$TMPDIR/watch.err" &
watch=$!
rates() { sed -n "s/.*\"event\":\"$1\".*\"rate_$2\":\([0-9a-z.]*\).*/\1/p" "$events"; }
is_about() { rates "$1" "$2" | awk -v a="$3" -v b="$4" '$1 >= a && $1 <= b { found = 1 } END { exit !found }'; }
check "at first no rate is known" wait_for 5 bash -c "grep -q '\"rate_out\":null' '$events'"
echo flow >&7
check "bytes that go out are counted a second" wait_for 10 is_about changed out 20000 400000
check "none comes in" wait_for 5 is_about changed in 0 0
echo stop >&7
check "it comes to rest, which is told" wait_for 10 bash -c "grep '\"event\":\"changed\"' '$events' | tail -n 1 | grep -q '\"rate_out\":0,'"
lines=$(wc -l <"$events")
echo open >&7
check "a new connection has no rate yet" wait_for 5 bash -c "tail -n +$((lines + 1)) '$events' | grep '\"event\":\"opened\"' | grep -q '\"rate_out\":null'"
kill -INT $watch
wait $watch
is "nothing was wrong" "$(grep -v "a look takes" "$TMPDIR/watch.err")" ""
check "each fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/watch.json <"$events"
no_more() { ! rates opened out | grep -q '[0-9]'; }
check "what opens has none" no_more

# Without being asked for, rates make no events.
"$SOCKEYE" list --watch=0.2 --json -t dport:7410 >"$events" &
watch=$!
check "it looks" wait_for 5 grep -q opened "$events"
echo flow >&7
sleep 1
kill -INT $watch
wait $watch
is "a flow alone is no change" "$(grep -c '"event":"changed"' "$events")" 0

"$SOCKEYE" list --watch=0.5 --columns rate-out,rate-in,rate_retrans,local,remote -t dport:7410 >"$events" &
watch=$!
check "as columns of text" wait_for 10 grep -Eq '^~ [0-9:.]+ +[0-9.]+K/s +0/s +0/s +127\.0\.0\.1:[0-9]+ +127\.0\.0\.1:7410' "$events"
kill -INT $watch
wait $watch
exits "once, no rate is known" 0 "$SOCKEYE" list --csv -H --columns rate-out,local -t dport:7410
like "and the field is empty" "$out" '^,127\.0\.0\.1'
exec 7>&-
exit $((failures > 0))
