#!/bin/bash
# sockeye dump: datagrams put together from their pieces.
source "$(dirname "$0")/../harness/lib.sh"
need "$PYTHON" tcpdump ip

"$PYTHON" - "$TMPDIR/made.pcap" <<'P'
import socket, struct, sys
out = open(sys.argv[1], "wb")
out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
now = 1700000000
def packet(data, later=0):
    global now
    now += later
    out.write(struct.pack("<IIII", now, 0, len(data), len(data)) + data)
A, B = socket.inet_aton("10.0.0.1"), socket.inet_aton("10.0.0.2")
def cut4(data, ident, proto, size, order=None):
    pieces = [(o, data[o:o + size]) for o in range(0, len(data), size)]
    return [struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(d), ident, o // 8 | (0x2000 if o + len(d) < len(data) else 0), 64, proto, 0) + A + B + d
            for o, d in pieces]
def cut6(data, ident, proto, size):
    a, b = socket.inet_pton(socket.AF_INET6, "fd00::1"), socket.inet_pton(socket.AF_INET6, "fd00::2")
    return [struct.pack(">IHBB", 6 << 28, 8 + len(d), 44, 64) + a + b + struct.pack(">BBHI", proto, 0, o | (1 if o + len(d) < len(data) else 0), ident) + d
            for o, d in ((o, data[o:o + size]) for o in range(0, len(data), size))]
def udp(sport, dport, data): return struct.pack(">HHHH", sport, dport, 8 + len(data), 0) + data
for p in cut4(udp(5000, 53, b"x" * 4000), 7, 17, 1480): packet(p)              # 1-3: in order
for p in cut6(udp(6000, 54, b"y" * 3000), 9, 17, 1232): packet(p)              # 4-6
tcp = struct.pack(">HHIIBBHHH", 1, 2, 5, 0, 0x50, 0x18, 100, 0, 0) + b"z" * 100
for p in reversed(cut4(tcp, 8, 6, 48)): packet(p)                              # 7-9: the last one first
p = cut4(udp(5001, 53, b"a" * 100), 10, 17, 56)                                # 10-12: a piece again, harmless
packet(p[0]); packet(p[0]); packet(p[1])
q = cut4(udp(5002, 53, b"a" * 100), 11, 17, 56)                                # 13-15: a piece again with other bytes
packet(q[0]); packet(q[0][:-8] + b"EVIL" * 2); packet(q[1])
r = cut4(udp(5003, 53, b"a" * 100), 12, 17, 56)                                # 16-17: the rest came too late
packet(r[0]); packet(r[1], later=31)
s = cut6(udp(6001, 54, b"b" * 100), 13, 17, 56)                                # 18-19: IPv6 waits longer
packet(s[0]); packet(s[1], later=31)
P

exits "text" 0 "$SOCKEYE" dump -r "$TMPDIR/made.pcap"
like "three pieces of IPv4" "$(sed -n 3p <<<"$out")" '\[whole with 3 pieces, 4008 bytes: 5000 → 53 len=4000\]'
like "three of IPv6" "$(sed -n 6p <<<"$out")" '\[whole with 3 pieces, 3008 bytes: 6000 → 54 len=3000\]'
like "in any order" "$(sed -n 9p <<<"$out")" '\[whole with 3 pieces, 120 bytes: 1 → 2 \[P\.\] seq=1'
like "a piece twice" "$(sed -n 12p <<<"$out")" 'whole with 2 pieces, 108 bytes'
is "never with pieces that contradict each other (RFC 5722), nor too late" "$(sed -n '13,17p' <<<"$out" | grep -c whole)" 0
like "IPv6 waits for a minute" "$(sed -n 19p <<<"$out")" 'whole with 2 pieces'
is "nothing else is whole" "$(grep -c whole <<<"$out")" 5

exits "JSON" 0 "$SOCKEYE" dump --json -v -r "$TMPDIR/made.pcap"
check "each line fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/dump.json <<<"$out"
printf '%s\n' "$out" >"$TMPDIR/json"
check "the completing packet has the datagram" "$PYTHON" - "$TMPDIR/json" <<'P'
import json, sys
p = [json.loads(l) for l in open(sys.argv[1])]
w = p[2]["reassembled"]
assert (w["fragments"], w["length"], w["layers"][:2], w["sport"], w["dport"]) == (3, 4008, ["ipv4", "udp"], 5000, 53), w
assert p[2]["sport"] is None, "the piece itself has no ports"
assert len({x["flow"] for x in p[:3]}) == 1 and p[0]["flow"] is not None, "all pieces in one flow"
assert p[5]["reassembled"]["layers"][:2] == ["ipv6", "udp"]
fields = {f["name"]: f["value"] for f in w["fields"]}
assert fields["ip.checksum.status"] == "1", "the header was mended"
assert p[8]["reassembled"]["tcp"]["payload"] == 100
assert all("reassembled" not in x for x in p[12:17])
P
exits "flows" 0 "$SOCKEYE" dump --flows --json -r "$TMPDIR/made.pcap"
like "by the ports" "$out" '"port":5000,"packets":3,'
exits "the stream of a datagram" 0 "$SOCKEYE" dump --stream 0 --side 0 --as raw -r "$TMPDIR/made.pcap"
is "its bytes" "${#out} ${out:3999:1}" "4000 x"

exits "what became of them" 0 "$SOCKEYE" dump --stats -r "$TMPDIR/made.pcap"
like "in the totals" "$out" '^19 fragments, 5 datagrams whole, 1 given up for pieces that contradict each other, 1 for being late$'
exits "as JSON" 0 "$SOCKEYE" dump --stats --json -r "$TMPDIR/made.pcap"
check "which fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/stats.json <<<"$out"

# Real ones: datagrams that do not fit, both families.
tcpdump -i lo -U -w "$TMPDIR/real.pcap" 'ip or ip6' 2>"$TMPDIR/tcpdump.err" &
pid=$!
check "tcpdump listens" wait_for 10 grep -q 'listening on' "$TMPDIR/tcpdump.err"
ip link set lo mtu 1500
"$PYTHON" - <<'P'
import socket
for family, host in (socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"):
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.bind((host, 7777))
    s.sendto(b"q" * 4000, (host, 7777))
    assert len(s.recv(5000)) == 4000
P
check "they were captured" wait_for 10 bash -c "[ \$(tcpdump -nr '$TMPDIR/real.pcap' 2>/dev/null | wc -l) -ge 6 ]"
kill -INT $pid
wait $pid
exits "the pieces" 0 "$SOCKEYE" dump -r "$TMPDIR/real.pcap"
is "both are whole" "$(grep -c 'whole with 3 pieces, 4008 bytes: 7777 → 7777 len=4000' <<<"$out")" 2
exit $((failures > 0))
