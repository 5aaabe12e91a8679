#!/bin/bash
# sockeye dump -N: names from a DNS server of the test's own, from services(5) and from a pcapng; nothing waits for a
# server that does not answer. Colours, and when there are none.
source "$(dirname "$0")/../harness/lib.sh"
need dnsmasq "$PYTHON" unshare

"$PYTHON" - "$TMPDIR/few.pcap" <<'P'
import struct, sys
def packet(src, dst, sport, dport, flags):
    tcp = struct.pack(">HHIIBBHHH", sport, dport, 1, 0, 5 << 4, flags, 100, 0, 0)
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40, 7, 0, 64, 6, 0, bytes(src), bytes(dst))
    return ip + tcp
packets = [packet((10, 1, 1, 1), (10, 1, 1, 2), 1024, 80, 2), packet((10, 1, 1, 2), (10, 1, 1, 1), 80, 1024, 20),
           packet((10, 1, 1, 3), (10, 1, 1, 4), 1024, 443, 17)]
with open(sys.argv[1], "wb") as f:
    f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
    for i, p in enumerate(packets):
        f.write(struct.pack("<IIII", 1, i, len(p), len(p)) + p)
# A pcapng with a name of its own for 10.1.1.3, a hostile one.
def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    size = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + size + body + size
name = b"a\x1b[31mb\0"
with open(sys.argv[1] + "ng", "wb") as f:
    f.write(block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)) + block(1, struct.pack("<HHI", 101, 0, 0)))
    record = bytes((10, 1, 1, 3)) + name
    f.write(block(4, struct.pack("<HH", 1, len(record)) + record + b"\0" * (-len(record) % 4) + b"\0" * 4))
    for i, p in enumerate(packets):
        f.write(block(6, struct.pack("<IIIII", 0, 0, i, len(p), len(p)) + p))
P
printf 'nameserver 127.0.0.1\n' >"$TMPDIR/resolv.conf"
printf '10.1.1.1 client.test\n10.1.1.2 server.test\n' >"$TMPDIR/names"
printf '127.0.0.1 localhost\n' >"$TMPDIR/hosts"
dnsmasq --keep-in-foreground --no-resolv --no-hosts --addn-hosts="$TMPDIR/names" --local=/10.in-addr.arpa/ --port=53 \
	--listen-address=127.0.0.1 --bind-interfaces --pid-file= --user="$(id -un)" --log-facility="$TMPDIR/dnsmasq.log" &
server=$!
check "dnsmasq listens" wait_for 10 listening 53 udp
asked() { # with this resolv.conf and this hosts file, in a mount namespace of its own
	unshare -m bash -c 'mount --bind "$TMPDIR/resolv.conf" /etc/resolv.conf &&
		mount --bind "$TMPDIR/hosts" /etc/hosts && exec "$SOCKEYE" dump "$@"' dump "$@"
}

exits "names" 0 asked -N -r "$TMPDIR/few.pcap"
like "of both ends and the port" "$out" 'client\.test → server\.test TCP 1024 → http \[S\]'
like "the other way" "$out" 'server\.test → client\.test TCP http → 1024 \[R\.\]'
like "numbers where there is none" "$out" '10\.1\.1\.3 → 10\.1\.1\.4 TCP 1024 → https \[F\.\]'
exits "in JSON" 0 asked -N --json -r "$TMPDIR/few.pcap"
check "it fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/dump.json <<<"$out"
like "beside the numbers" "$out" '"src":"10.1.1.1".*"names":\{"src":"client.test","dst":"server.test","sport":null,"dport":"http"\}'
exits "in flows" 0 asked -N --flows -r "$TMPDIR/few.pcap"
like "too" "$out" 'client\.test:1024 +server\.test:http'
exits "a pcapng's own names" 0 asked -N -r "$TMPDIR/few.pcapng"
like "are used, and escaped" "$out" 'a\\x1b\[31mb → 10\.1\.1\.4'
exits "without -N" 0 asked -r "$TMPDIR/few.pcapng"
unlike "there are numbers" "$out" 'test|http|x1b'

# A server that is silent: live lines come at once, with numbers.
kill -STOP $server
asked -N -i lo -c 1 'udp port 9' >"$TMPDIR/live" 2>"$TMPDIR/live.err" &
pid=$!
begun=$SECONDS
check "a line comes" wait_for 10 bash -c "printf x >/dev/udp/127.0.0.1/9; [ -s '$TMPDIR/live' ]"
check "soon" test $((SECONDS - begun)) -lt 4
wait $pid
kill -CONT $server

colours() { # OPTIONS…: what a terminal gets
	TERM=xterm "$PYTHON" -c '
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
try:
    while part := os.read(terminal, 65536):
        sys.stdout.buffer.write(part)
except OSError:  # its end
    pass
os.waitpid(pid, 0)' "$SOCKEYE" dump "$@" -r "$TMPDIR/few.pcap"
}
coloured=$(colours)
like "a SYN is green" "$coloured" $'\e\\[1;32m\\[S\\]\e\\[0m'
like "a reset is red" "$coloured" $'\e\\[1;31m\\[R\\.\\]\e\\[0m'
like "addresses and protocols have theirs" "$coloured" $'\e\\[32m10.1.1.1\e\\[0m → \e\\[32m10.1.1.2\e\\[0m \e\\[1;36mTCP\e\\[0m'
is "without colours it is the same text" "$(sed $'s/\e\\[[0-9;]*m//g' <<<"$coloured")" "$(colours --no-color)"
unlike "--no-color" "$(colours --no-color)" $'\e'
unlike "NO_COLOR" "$(NO_COLOR=1 colours)" $'\e'
unlike "not a terminal" "$("$SOCKEYE" dump -r "$TMPDIR/few.pcap")" $'\e'
exit $((failures > 0))
