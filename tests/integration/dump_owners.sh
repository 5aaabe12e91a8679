#!/bin/bash
# sockeye dump: who has the sockets at a packet's ends, live, in a pcapng, and read back from it.
source "$(dirname "$0")/../harness/lib.sh"
need "$PYTHON" tshark ss

# Two programs with names of their own, one of them hostile, that talk until they are told to end.
cat >"$TMPDIR/talk.py" <<'P'
import os, socket, sys, time
role, port, end = sys.argv[1], int(sys.argv[2]), sys.argv[3]
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
if role == "server":
    s = socket.create_server(("127.0.0.1", port))
    u.bind(("127.0.0.1", port))
    c, _ = s.accept()
    while data := c.recv(100):
        c.sendall(data)
        u.recv(100)
else:
    c = socket.create_connection(("127.0.0.1", port))
    u.connect(("127.0.0.1", port))
    while not os.path.exists(end):
        c.sendall(b"hello")
        c.recv(100)
        u.send(b"datagram")
        time.sleep(0.02)
P
python=$("$PYTHON" -c 'import sys, os; print(os.path.realpath(sys.executable))')
server=$TMPDIR/waiter client=$TMPDIR/$'ask\e[31m"er'
ln -s "$python" "$server"
ln -s "$python" "$client"

# what each sends, and a datagram: always these three in turn. Sixty: on a busy machine the first few may be too quick
# for whoever looks for owners, which waits for nobody.
pushes='port 7777 and (udp or tcp[tcpflags] & tcp-push != 0)'

# talk COMMAND…: run sockeye beside one conversation
talk() {
	local pids=()
	rm -f "$TMPDIR/end"
	"$server" "$TMPDIR/talk.py" server 7777 "$TMPDIR/end" &
	pids+=($!)
	wait_for 10 listening 7777
	"$client" "$TMPDIR/talk.py" client 7777 "$TMPDIR/end" &
	pids+=($!)
	timeout 30 "$@" >"$TMPDIR/out" 2>"$TMPDIR/err"
	touch "$TMPDIR/end"
	wait "${pids[@]}"
}

talk "$SOCKEYE" dump -i lo --json -c 60 "$pushes"
check "each line fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/dump.json <"$TMPDIR/out"
is "both ends of a packet are known" "$("$PYTHON" -c '
import json, sys
for line in open(sys.argv[1]).readlines()[-3:]:
    p = json.loads(line)
    ends = {o["end"]: o for o in p["owners"] or []}
    client, server = ("src", "dst") if p["dport"] == 7777 else ("dst", "src")
    assert ends[client]["process"] == "ask\x1b[31m\"er", p
    assert ends[server]["process"] == "waiter", p
    assert ends[client]["pid"] != ends[server]["pid"] and ends[client]["fd"] >= 3, p
    assert ends[client]["state"] == ("ESTABLISHED" if p["protocol"] == "tcp" else "CONNECTED"), p
print("ok")' "$TMPDIR/out" 2>&1)" ok

talk "$SOCKEYE" dump -i lo -c 60 -w "$TMPDIR/o.pcapng" --print "$pushes"
cp "$TMPDIR/out" "$TMPDIR/live"
like "names stand in the lines, escaped" "$(tail -n 1 "$TMPDIR/live")" ' \(ask\\x1b\[31m"er → waiter\)$'
exits "read back" 0 "$SOCKEYE" dump -r "$TMPDIR/o.pcapng"
is "the lines are the same" "$out" "$(cat "$TMPDIR/live")"
exits "as JSON" 0 "$SOCKEYE" dump --json -r "$TMPDIR/o.pcapng"
check "it fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/dump.json <<<"$out"
like "with the comment" "$out" '"comment":"(src|dst) pid [0-9]+ fd [0-9]+ ESTABLISHED \\"'
comments=$(tshark -r "$TMPDIR/o.pcapng" -T fields -e frame.comment -e frame.packet_flags_direction 2>/dev/null)
is "the last three have one" "$(tail -n 3 <<<"$comments" | grep -c 'pid [0-9]* fd [0-9]* [A-Z]* "waiter"')" 3
exits "the flows have them" 0 "$SOCKEYE" dump --flows --json -r "$TMPDIR/o.pcapng"
check "they fit the schema" "$PYTHON" tests/integration/validate.py assets/schema/flow.json <<<"$out"
is "both flows" "$(grep -c '"owner":"ask\\\\x1b\[31m\\"er → waiter"' <<<"$out")" 2
exits "in a table, too" 0 "$SOCKEYE" dump --flows -r "$TMPDIR/o.pcapng"
like "as words" "$out" 'er → waiter$'
exits "rewritten" 0 "$SOCKEYE" dump -r "$TMPDIR/o.pcapng" -w "$TMPDIR/o2.pcapng"
is "the comments are kept" "$(tshark -r "$TMPDIR/o2.pcapng" -T fields -e frame.comment -e frame.packet_flags_direction 2>/dev/null)" "$comments"

# Several comments of others, one of two lines, stay what they are.
"$PYTHON" - "$TMPDIR/remarks.pcapng" <<'P'
import struct, sys
def padded(b): return b + b"\0" * (-len(b) % 4)
def block(kind, body):
    size = struct.pack("<I", len(padded(body)) + 12)
    return struct.pack("<I", kind) + size + padded(body) + size
def option(code, value): return struct.pack("<HH", code, len(value)) + padded(value)
with open(sys.argv[1], "wb") as f:
    f.write(block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 0)))
    f.write(block(6, struct.pack("<IIIII", 0, 0, 1, 60, 60) + bytes(60) + option(1, b"one\nline") + option(1, b"two") +
                  option(0, b"")))
P
exits "remarks rewritten" 0 "$SOCKEYE" dump -r "$TMPDIR/remarks.pcapng" -w "$TMPDIR/remarks2.pcapng"
is "are the same" "$(tshark -r "$TMPDIR/remarks2.pcapng" -T fields -e frame.comment 2>/dev/null)" 'one\nline,two'
exits "remarks read" 0 "$SOCKEYE" dump --json -r "$TMPDIR/remarks2.pcapng"
like "are lines" "$out" '"owners":null,"comment":"one\\nline\\ntwo"'

talk "$SOCKEYE" dump -i lo --flows --json -c 60 "$pushes"
is "flows of what is live" "$(grep -c '"owner":"ask\\\\x1b\[31m\\"er → waiter"' "$TMPDIR/out")" 2
exit $((failures > 0))
