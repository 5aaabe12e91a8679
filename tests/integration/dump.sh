#!/bin/bash
# sockeye dump: files and live, text and JSON, errors.
source "$(dirname "$0")/../harness/lib.sh"
need tcpdump "$PYTHON"

tcpdump -i lo -U -w "$TMPDIR/tcp4.pcap" tcp 2>"$TMPDIR/tcpdump.err" &
pid=$!
check "tcpdump listens" wait_for 10 grep -q 'listening on' "$TMPDIR/tcpdump.err"
exits "a connection" 0 "$SOCKEYE" run assets/scripts/tcp4.sock
check "it was captured" wait_for 10 bash -c "[ \$(tcpdump -nr '$TMPDIR/tcp4.pcap' 2>/dev/null | grep -c 'Flags \[F.\]') -ge 2 ]"
kill -INT $pid
wait $pid
count=$(tcpdump -nr "$TMPDIR/tcp4.pcap" 2>/dev/null | wc -l)

exits "text" 0 "$SOCKEYE" dump -r "$TMPDIR/tcp4.pcap"
is "every packet once" "$(wc -l <<<"$out")" "$count"
like "the handshake" "$out" '127\.0\.0\.1 → 127\.0\.0\.1 TCP [0-9]+ → [0-9]+ \[S\] seq=0 win='
like "relative numbers" "$out" '\[P\.\] seq=1 ack=1 .*len=9'
exits "a filter" 0 "$SOCKEYE" dump -r "$TMPDIR/tcp4.pcap" 'tcp[tcpflags] & tcp-syn != 0'
is "only what matches" "$(wc -l <<<"$out")" 2
exits "a bad filter" 2 "$SOCKEYE" dump -r "$TMPDIR/tcp4.pcap" 'no such thing'
exits "-c" 0 "$SOCKEYE" dump -c 3 -r "$TMPDIR/tcp4.pcap"
is "three packets" "$(wc -l <<<"$out")" 3
exits "-v" 0 "$SOCKEYE" dump -v -c 1 -r "$TMPDIR/tcp4.pcap"
like "the tree" "$out" 'Sequence number: [0-9]+'
exits "-x" 0 "$SOCKEYE" dump -x -c 1 -r "$TMPDIR/tcp4.pcap"
like "the bytes" "$out" '0000  .*E'
exits "standard input" 0 bash -c "\"\$SOCKEYE\" dump -r - <'$TMPDIR/tcp4.pcap'"
is "the same packets" "$(wc -l <<<"$out")" "$count"

exits "JSON" 0 "$SOCKEYE" dump --json -v -r "$TMPDIR/tcp4.pcap"
check "each line fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/dump.json <<<"$out"

head -c 200 "$TMPDIR/tcp4.pcap" >"$TMPDIR/cut.pcap"
exits "a file that ends early" 1 "$SOCKEYE" dump -r "$TMPDIR/cut.pcap"
like "what is good is shown" "$out" '\[S\]'
like "and what is not is told" "$err" '^sockeye: .*cut\.pcap'
exits "a missing file" 1 "$SOCKEYE" dump -r "$TMPDIR/nowhere"
exits "not a capture" 1 "$SOCKEYE" dump -r README.md
exits "an interface that is not there" 1 "$SOCKEYE" dump -i nosuch0 -c 1
exits "-D --json" 0 "$SOCKEYE" dump -D --json
like "an object an interface" "$out" '^\{"number":[0-9]+,"name":"lo","description":(null|".*"),"up":true,"loopback":true\}$'
exits "-D" 0 "$SOCKEYE" dump -D
like "names lo" "$out" '\.lo '

"$SOCKEYE" dump -i lo -c 3 >"$TMPDIR/live" 2>"$TMPDIR/live.err" &
pid=$!
wait_for 10 bash -c "\"\$SOCKEYE\" run assets/scripts/tcp4.sock >/dev/null; ! kill -0 $pid 2>/dev/null"
wait $pid
is "live" "$(grep -c 'TCP' "$TMPDIR/live")" 3
like "its summary" "$(cat "$TMPDIR/live.err")" '3 packets shown'
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	exits "without the privilege" 3 setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all \
		--inh-caps=-all "$SOCKEYE" dump -i lo -c 1
	like "what it needs" "$err" 'CAP_NET_RAW'
fi
exit $((failures > 0))
