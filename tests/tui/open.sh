#!/bin/bash
# -r: the flows of a capture as rows, their packets, ladder and stream, one packet in full; a file that grows, one that is
# damaged, one that is compressed, a stream.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need tmux "$PYTHON" tcpdump script gzip

# A capture with a web request, an answer from a port where nobody listens, a few datagrams.
tcpdump -i lo -U -w "$TMPDIR/lo.pcap" 2>"$TMPDIR/tcpdump.err" &
capture=$!
check "tcpdump listens" wait_for 10 grep -q 'listening on' "$TMPDIR/tcpdump.err"
echo 'a page' >"$TMPDIR/page"
"$PYTHON" -m http.server --directory "$TMPDIR" 8080 >/dev/null 2>&1 &
check "a server listens" wait_for 10 listening 8080
"$PYTHON" - <<'P'
import socket
with socket.create_connection(("127.0.0.1", 8080)) as s:
    s.sendall(b"GET /page HTTP/1.0\r\n\r\n")
    while s.recv(1000):
        pass
try:
    socket.create_connection(("127.0.0.1", 8081))
except ConnectionRefusedError:
    pass
P
"$PYTHON" tests/harness/packets.py udp 127.0.0.1 321
check "the last datagram is in the file" wait_for 10 bash -c "tcpdump -nr '$TMPDIR/lo.pcap' 2>/dev/null | grep -q 'length 321'"
kill -INT "$capture"
wait "$capture"
all=$(tcpdump -nr "$TMPDIR/lo.pcap" 2>/dev/null | wc -l)

tui_start 120x36 "$SOCKEYE" -r "$TMPDIR/lo.pcap"
check "the scope is the file, read to its end" tui_wait "scope file · 4 flows · file lo\.pcap · $all packets"
check "all packets are the first row" tui_wait 'all packets'
check "and in view" tui_wait "Traffic everything .*$all packets"
check "the file is summed up" tui_wait 'It was read to its end'
tui_keys t
check "the ladder of all packets tells what to do" tui_wait 'Select a flow below it: its '
tui_keys t
check "and so does the stream" tui_wait 'Select a flow below it: the '
tui_keys t Escape j
check "a flow: client left, server right" tui_wait 'tcp +TIME-WAIT|tcp +CLOSED' && check "with its ends" tui_wait '127\.0\.0\.1:[0-9]+ +127\.0\.0\.1:8080'
check "its application, and how it ended" tui_wait 'http|HTTP'
check "the Inspector tells both ends" tui_wait 'server +127\.0\.0\.1:8080'
check "only its packets are in view" tui_wait '→ [0-9]+ → 8080 \[S\] seq=0'
tui_keys Tab Home Enter
check "one in full, from the file" tui_wait 'Transmission Control Protocol'
tui_keys Escape t
check "the ladder, with the states that packets prove" tui_wait 'SYN-SENT ├─.*\[S\].*│ SYN-RECEIVED'
tui_keys t
check "the stream" tui_wait 'GET /page HTTP/1\.0'
tui_keys G
check "and its answer" tui_wait 'a page'
tui_keys Escape Escape
tui_keys t Escape G
check "what has no ports is a flow by its addresses" tui_wait 'icmp +- +127\.0\.0\.1 +127\.0\.0\.1'
tui_keys k
check "datagrams" tui_wait '→ [0-9]+ → 4000 len=321'
tui_type "/dport:8081"
tui_keys Enter
check "the same filter as for sockets" tui_wait '1 of 4 flows'
check "finds the refused one" tui_wait '127\.0\.0\.1:8081'
check "reset by the server" tui_wait 'rst by server'
tui_type ":filter app:http"
tui_keys Enter
check "by application" tui_wait '1 of 4 flows' && check "the one that spoke HTTP" tui_wait '127\.0\.0\.1:8080'
tui_type ':filter end:"by server"'
tui_keys Enter
check "by its end" tui_wait '127\.0\.0\.1:8081'
check "what it hides is not selected" tui_wait 'Traffic everything'
tui_keys j
check "the next one is" tui_wait 'server +127\.0\.0\.1:8081'
tui_keys t
check "its ladder has the reset" tui_wait 'SYN-SENT ├─ \[S\]'
check "which is no proof that a connection began there" tui_wait_not 'SYN-RECEIVED'
tui_keys t t Escape
tui_keys 2
check "a file has no sockets" tui_wait 'tells of no sockets'
tui_type ":capture on"
tui_keys Enter
check "nothing is captured beside it" tui_wait 'a file is open: there is nothing alive in it'
tui_keys Escape Escape g
for _ in {1..12}; do
	tui_keys v
	tui_wait 'Inspector .* states ' 2 && break
done >/dev/null
tui_keys Escape
tui_type ":filter"
tui_keys Enter Down
check "the state diagram" tui_wait 'FIN-WAIT-1 +CLOSE-WAIT'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0

head -c $(($(stat -c %s "$TMPDIR/lo.pcap") - 30)) "$TMPDIR/lo.pcap" >"$TMPDIR/grows.pcap"
tui_start 120x36 "$SOCKEYE" -r "$TMPDIR/grows.pcap"
check "a file that ends within a packet" tui_wait "damaged packet $all at byte [0-9]+: the file ends early"
check "what comes before is there" tui_wait "$((all - 1)) packets"
tail -c 30 "$TMPDIR/lo.pcap" >>"$TMPDIR/grows.pcap"
check "and what comes late" tui_wait "$all packets"
check "is no damage" tui_wait_not 'damaged'
tail -c +25 "$TMPDIR/lo.pcap" >>"$TMPDIR/grows.pcap"
check "it is followed while it grows" tui_wait "$((2 * all)) packets"
tui_keys q
is "q ends it" "$(tui_gone 5)" 0

cp "$TMPDIR/lo.pcap" "$TMPDIR/bad.pcap"
printf '\xff\xff\xff\xff' | dd of="$TMPDIR/bad.pcap" bs=1 seek=$((24 + 8)) conv=notrunc status=none
tui_start 80x24 "$SOCKEYE" -r "$TMPDIR/bad.pcap"
check "damage is told, with its place" tui_wait 'damaged packet 1 at byte 24: '
tui_keys q
is "q ends it" "$(tui_gone 5)" 0

gzip -c "$TMPDIR/lo.pcap" >"$TMPDIR/lo.pcap.gz"
tui_start 120x36 "$SOCKEYE" -r "$TMPDIR/lo.pcap.gz"
check "a compressed one" tui_wait "file lo\.pcap\.gz · $all packets"
tui_keys j Tab Home Enter
check "is read again from its copy" tui_wait 'Transmission Control Protocol'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0

tui_start 120x36 bash -c "(cat '$TMPDIR/lo.pcap'; exec sleep 1000) | \"$SOCKEYE\" -r -"
check "a stream: what is there" tui_wait "file standard input · $all packets · live"
tui_keys j
check "keys come from the terminal" tui_wait 'server +127\.0\.0\.1:8080'
tui_keys Tab Home Enter
check "its bytes are kept" tui_wait 'Transmission Control Protocol'
tui_keys q
tui_end

: >"$TMPDIR/empty"
for case in "empty:the file is empty" "page:no capture file" ".:Is a directory" "nowhere:No such file"; do
	exits "${case%%:*} cannot be opened" 1 timeout 10 script -qec "$SOCKEYE -r $TMPDIR/${case%%:*}" /dev/null
	like "and why" "$out" "${case#*:}"
done
exit $((failures > 0))
