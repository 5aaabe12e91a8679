#!/bin/bash
# A packet that a bridge and its port both see is one packet, seen twice: no retransmission, and one arrow on the ladder.
source "$(dirname "$0")/../harness/lib.sh"
need ip tcpdump "$PYTHON"
need_root
cd "$TMPDIR" || exit 1

unshare -n sleep 100 &
other=$!
check "another namespace" wait_for 5 bash -c '[ "$(readlink /proc/$0/ns/net)" != "$(readlink /proc/self/ns/net)" ]' $other
ip link add here type veth peer name there 2>/dev/null && ip link add br0 type bridge 2>/dev/null ||
	{ skip "bridge" "no veth or no bridge here"; exit 0; }
ip link set there netns $other
ip link set here master br0
ip address add 10.77.0.1/24 dev br0
ip link set here up
ip link set br0 up
nsenter -t $other -n ip address add 10.77.0.2/24 dev there
nsenter -t $other -n ip link set there up
nsenter -t $other -n ip link set lo up

serve='import socket
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("10.77.0.2", 8000)); s.listen()
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(("10.77.0.2", 9000))
while True:
    c, _ = s.accept(); c.sendall(b"x" * 20000); c.recv(100); c.close(); d, peer = u.recvfrom(99); u.sendto(d, peer)'
nsenter -t $other -n "$PYTHON" -c "$serve" &
cat >talk.sock <<'S'
c = socket inet stream
c.connect 10.77.0.2:8000
c.recv 20000
c.send "done"
c.expect state CLOSE-WAIT within 5s
c.close
u = socket inet dgram
u.connect 10.77.0.2:9000
u.send "a datagram"
u.expect recv "a datagram"
S
check "the server is there" wait_for 10 bash -c 'nsenter -t $0 -n ss -ltn | grep -q :8000' $other
exits "it is talked to" 0 "$SOCKEYE" run --ladder -i any -w any.pcapng talk.sock
ladder=$(sed '1,/ passed, /d' <<<"$out")
unlike "the ladder has no retransmission" "$ladder" 'retransmission|out of order|duplicate'
is "a datagram is one arrow each way" "$(grep -c 'len=10 "a datagram"' <<<"$ladder")" 2
is "one SYN" "$(grep -c '\[S\] ' <<<"$ladder")" 1
exits "the file" 0 "$SOCKEYE" dump -r any.pcapng 'tcp port 8000'
is "both saw the SYN" "$(grep -c '\[S\]' <<<"$out")" 2
is "the second time it is marked" "$(grep '\[S\]' <<<"$out" | grep -c 'seen on another interface')" 1
unlike "nothing was sent again" "$out" 'retransmission|out of order|duplicate'
tcpdump -r any.pcapng -w cooked.pcap 2>/dev/null
exits "cooked v2" 0 "$SOCKEYE" dump -r cooked.pcap 'tcp port 8000'
unlike "nothing was sent again there, either" "$out" 'retransmission|out of order|duplicate'
exit $((failures > 0))
