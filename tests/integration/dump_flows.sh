#!/bin/bash
# sockeye dump --flows: conversations of a capture made by hand, and of real connections.
source "$(dirname "$0")/../harness/lib.sh"
need "$PYTHON" tcpdump

# A capture made by hand: a connection with a loss, one that is refused, UDP, ping.
"$PYTHON" - "$TMPDIR/made.pcap" <<'P'
import socket, struct, sys
out = open(sys.argv[1], "wb")
out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
now = 1700000000000
def packet(ms, a, b, proto, data):
    global now
    now += ms
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(data), 1, 0, 64, proto, 0, socket.inet_aton(a), socket.inet_aton(b))
    out.write(struct.pack("<IIII", now // 1000, now % 1000 * 1000, len(ip + data), len(ip + data)) + ip + data)
def tcp(ms, a, b, flags, seq, ack, data=b"", window=1000):
    (ai, ap), (bi, bp) = a, b
    packet(ms, ai, bi, 6, struct.pack(">HHIIBBHHH", ap, bp, seq % 2**32, ack % 2**32, 0x50, flags, window, 0, 0) + data)
C, S, D = ("10.0.0.1", 4000), ("10.0.0.2", 80), ("10.0.0.2", 81)
I, J = 2**32 - 5, 7000           # the client's numbers wrap
tcp(0, C, S, 2, I, 0); tcp(20, S, C, 0x12, J, I + 1); tcp(1, C, S, 0x10, I + 1, J + 1)
tcp(1, C, S, 0x18, I + 1, J + 1, b"0123456789"); tcp(1, C, S, 0x18, I + 21, J + 1, b"klmnopqrst")
tcp(300, C, S, 0x18, I + 11, J + 1, b"abcdefghij"); tcp(20, S, C, 0x10, J + 1, I + 31, window=0)
tcp(1, C, S, 0x11, I + 31, J + 1); tcp(20, S, C, 0x11, J + 1, I + 32); tcp(1, C, S, 0x10, I + 32, J + 2)
tcp(1, C, D, 2, 1, 0); tcp(1, D, C, 0x14, 0, 2)
udp = struct.pack(">HHHH", 5000, 53, 12, 0) + b"ping"
packet(1, "10.0.0.1", "10.0.0.3", 17, udp); packet(1, "10.0.0.1", "10.0.0.3", 17, udp)
packet(1, "10.0.0.1", "10.0.0.3", 1, struct.pack(">BBHHH", 8, 0, 0, 1, 1))
tcp(1, C, S, 2, 99999, 0)
P

exits "text" 0 "$SOCKEYE" dump --flows -r "$TMPDIR/made.pcap"
is "a heading and a row a flow" "$(wc -l <<<"$out")" 6
like "both ends" "$out" '0  tcp .* 10\.0\.0\.1:4000  10\.0\.0\.2:80 '
like "closed by both" "$out" '^ *0 .*TIME-WAIT +fin'
like "refused, and by whom" "$out" '^ *1 .*10\.0\.0\.2:81 .*CLOSED +rst ←'
like "UDP" "$out" '^ *2  udp .*10\.0\.0\.1:5000  10\.0\.0\.3:53 +2 +0 '
like "ICMP has no ports" "$out" '^ *3  icmp .* 10\.0\.0\.1 +10\.0\.0\.3 '
like "the ports used again" "$out" '^ *4 .*SYN-SENT +open'
exits "packets say what was found" 0 "$SOCKEYE" dump -r "$TMPDIR/made.pcap"
like "a gap" "$out" 'seq=21 .*\[previous segment not seen\]'
like "filled late" "$out" 'seq=11 .*\[retransmission\]'
like "no room" "$out" '\[zero window\]'
like "the ports used again, told" "$out" '\[port used again\]'

exits "JSON" 0 "$SOCKEYE" dump --flows --json -r "$TMPDIR/made.pcap"
check "each line fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/flow.json <<<"$out"
check "and says what happened" "$PYTHON" - <<P
import json
f = [json.loads(l) for l in '''$out'''.splitlines()]
a = f[0]["sides"]
assert [x["flow"] for x in f] == [0, 1, 2, 3, 4]
assert f[0]["packets"] == 10 and a[0]["payload"] == 30 and a[0]["packets"] == 7, f[0]
assert a[0]["tcp"]["lost"] == 1 and a[0]["tcp"]["retransmissions"] == 1 and a[1]["tcp"]["zero_windows"] == 1, a
assert f[0]["tcp"]["handshake_us"] == 21000, f[0]
# What was sent before something was repeated is not timed (Karn): the FIN alone is.
assert a[0]["tcp"]["rtt"] == {"count": 1, "min_us": 20000, "mean_us": 20000, "max_us": 20000}, a
assert f[0]["tcp"]["ended"] == "fin" and f[0]["tcp"]["reset_by"] is None
assert (a[0]["tcp"]["state"], a[1]["tcp"]["state"]) == ("TIME-WAIT", "CLOSED"), a
assert f[1]["tcp"]["ended"] == "rst" and f[1]["tcp"]["reset_by"] == 1
assert f[2]["protocol"] == "udp" and f[2]["tcp"] is None and f[2]["sides"][0]["payload"] == 8
assert f[3]["protocol"] == "icmp" and f[3]["sides"][0]["port"] is None
assert f[4]["older"] == 0
P
exits "-c counts packets, not blocks" 0 "$SOCKEYE" dump --flows --json -c 3 -r "$TMPDIR/made.pcap"
like "three" "$out" '"packets":3,'
exits "a filter" 0 "$SOCKEYE" dump --flows -r "$TMPDIR/made.pcap" udp
is "only what matches" "$(wc -l <<<"$out")" 2

# Its bytes, put in order.
exits "a stream" 0 "$SOCKEYE" dump --stream 0 -r "$TMPDIR/made.pcap"
is "in order, though a part came late" "$(tail -n 1 <<<"$out")" "0123456789abcdefghijklmnopqrst"
like "who speaks" "$out" '^--- 10\.0\.0\.1:4000 → 10\.0\.0\.2:80$'
exits "as hex" 0 "$SOCKEYE" dump --stream 0 --as hex -r "$TMPDIR/made.pcap"
like "offsets and both columns" "$out" '^00000000  30 31 32 33 34 35 36 37  38 39 .* 0123456789$'
exits "as C" 0 "$SOCKEYE" dump --stream 0 --as c -r "$TMPDIR/made.pcap"
like "string literals" "$out" '^"0123456789"$'
exits "raw" 0 "$SOCKEYE" dump --stream 0 --as raw -r "$TMPDIR/made.pcap"
is "nothing but the bytes" "$out" "0123456789abcdefghijklmnopqrst"
exits "the other side" 0 "$SOCKEYE" dump --stream 0 --side 1 -r "$TMPDIR/made.pcap"
is "said nothing" "$out" ""
exits "the datagrams of a flow" 0 "$SOCKEYE" dump --stream 2 --side 0 -r "$TMPDIR/made.pcap"
is "one after the other" "$out" "pingping"
exits "what is missing" 0 "$SOCKEYE" dump --stream 0 -r "$TMPDIR/made.pcap" 'not tcp[4:4] = 6'
like "is told" "$out" '^\[10 bytes missing\]$'
exits "JSON" 0 "$SOCKEYE" dump --stream 0 --json -r "$TMPDIR/made.pcap"
check "each line fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/stream.json <<<"$out"
exits "no such flow" 1 "$SOCKEYE" dump --stream 99 -r "$TMPDIR/made.pcap"
exits "no number" 2 "$SOCKEYE" dump --stream first -r "$TMPDIR/made.pcap"
exits "no such form" 2 "$SOCKEYE" dump --stream 0 --as morse -r "$TMPDIR/made.pcap"
exits "a form of nothing" 2 "$SOCKEYE" dump --as hex -r "$TMPDIR/made.pcap"
exits "two views" 2 "$SOCKEYE" dump --flows --stream 0 -r "$TMPDIR/made.pcap"
exits "nothing acts on the terminal" 0 bash -c "\"\$SOCKEYE\" dump --stream 0 -r '$TMPDIR/made.pcap' | grep -c \$'\\x1b' || true"
is "no escapes" "$out" 0

# Totals.
exits "totals" 0 "$SOCKEYE" dump --stats -r "$TMPDIR/made.pcap"
like "of all" "$out" '^16 packets, .* 5 conversations'
like "by protocol" "$out" '^ +tcp +13 +81\.2 '
like "by what was found" "$out" '^zero window +1$'
like "by address" "$out" '^10\.0\.0\.1 +5 '
exits "as JSON" 0 "$SOCKEYE" dump --stats --json -r "$TMPDIR/made.pcap"
check "each line fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/stats.json <<<"$out"

# What HTTP carried: a real server, a real client.
mkdir "$TMPDIR/site"
head -c 100000 /dev/urandom >"$TMPDIR/site/picture.png"
echo hello >"$TMPDIR/site/..hidden name"
tcpdump -i lo -U -w "$TMPDIR/http.pcap" tcp 2>"$TMPDIR/tcpdump.err" &
pid=$!
check "tcpdump listens" wait_for 10 grep -q 'listening on' "$TMPDIR/tcpdump.err"
"$PYTHON" -m http.server -d "$TMPDIR/site" -b 127.0.0.1 8099 >/dev/null 2>&1 &
server=$!
check "a server listens" wait_for 10 "$PYTHON" -c 'import socket; socket.create_connection(("127.0.0.1", 8099))'
"$PYTHON" - <<'P'
import urllib.request
for path in "picture.png", "..hidden%20name":
    urllib.request.urlopen("http://127.0.0.1:8099/" + path).read()
P
check "it was captured" wait_for 10 bash -c "[ \$(tcpdump -nr '$TMPDIR/http.pcap' 2>/dev/null | grep -c 'Flags \[F') -ge 4 ]"
kill -INT $pid
kill $server
wait $pid
exits "bodies into files" 0 "$SOCKEYE" dump --extract "$TMPDIR/out" --json -r "$TMPDIR/http.pcap"
check "each line fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/extract.json <<<"$out"
check "byte for byte" cmp "$TMPDIR/site/picture.png" "$TMPDIR/out/00001-picture.png"
is "names that do no harm" "$(ls -A "$TMPDIR/out" | tail -n 1)" "00002-hidden_20name"
exits "nothing is written over" 1 "$SOCKEYE" dump --extract "$TMPDIR/out" -r "$TMPDIR/http.pcap"
like "and that is told" "$err" 'File exists'
rm -r "$TMPDIR/out" && mkdir "$TMPDIR/out" && ln -s "$TMPDIR/elsewhere" "$TMPDIR/out/00001-picture.png"
exits "no link is followed" 1 "$SOCKEYE" dump --extract "$TMPDIR/out" -r "$TMPDIR/http.pcap"
check "nothing was made behind it" test ! -e "$TMPDIR/elsewhere"

# A real connection.
tcpdump -i lo -U -w "$TMPDIR/real.pcap" tcp 2>"$TMPDIR/tcpdump.err" &
pid=$!
check "tcpdump listens" wait_for 10 grep -q 'listening on' "$TMPDIR/tcpdump.err"
exits "a connection" 0 "$SOCKEYE" run assets/scripts/tcp4.sock
check "it was captured" wait_for 10 bash -c "[ \$(tcpdump -nr '$TMPDIR/real.pcap' 2>/dev/null | grep -c 'Flags \[F.\]') -ge 2 ]"
kill -INT $pid
wait $pid
exits "its flow" 0 "$SOCKEYE" dump --flows --json -r "$TMPDIR/real.pcap"
check "fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/flow.json <<<"$out"
like "closed by both" "$out" '"ended":"fin"'
like "with round trips" "$out" '"handshake_us":[1-9]'
exit $((failures > 0))
