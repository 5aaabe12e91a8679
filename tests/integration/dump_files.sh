#!/bin/bash
# sockeye dump: capture files read and written, beside tcpdump, tshark, editcap, capinfos.
source "$(dirname "$0")/../harness/lib.sh"
need tcpdump tshark editcap capinfos gzip zstd "$PYTHON"
cd "$TMPDIR"
root=$OLDPWD
seeds=$root/tests/fuzz/seeds/capture_file

packets() { capinfos -Mc "$1" 2>/dev/null | sed -n 's/^Number of packets: *//p'; }
times() { tshark -n -r "$1" -T fields -e frame.time_epoch -e frame.cap_len -e frame.len -e frame.interface_name 2>/dev/null; }

# A file of our own making: 200 datagrams on the loopback.
tcpdump -i lo -U -w made.pcap udp 2>tcpdump.err &
pid=$!
wait_for 10 grep -q 'listening on' tcpdump.err
"$PYTHON" -c 'import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(200): s.sendto(b"x" * 1000, ("127.0.0.1", 9))'
wait_for 10 bash -c '[ "$(tcpdump -nr made.pcap 2>/dev/null | wc -l)" -ge 200 ]'
kill -INT $pid
wait $pid
count=$(packets made.pcap)

# --- reading ---
for seed in us-le ns-be modified modified-plain nokia ixia; do
	exits "$seed" 0 "$SOCKEYE" dump --time epoch -r "$seeds/$seed"
	is "$seed: its packets" "$(wc -l <<<"$out")" 3
	like "$seed: their times" "$out" '^1700000002\.00'
done
for order in le be; do
	exits "pcapng, $order" 0 "$SOCKEYE" dump --json -r "$seeds/ng-$order"
	is "packets of three link types and two sections" "$(wc -l <<<"$out")" 5
	like "the interface's own name" "$out" '"interface":"eth0"'
	like "units of 2^-10 s, and an offset" "$out" '"time":"1700003600.000000000"'
done
gzip -k made.pcap
zstd -q made.pcap
for end in gz zst; do
	exits ".$end" 0 "$SOCKEYE" dump -r made.pcap.$end
	is ".$end: every packet" "$(wc -l <<<"$out")" "$count"
	head -c "$(($(stat -c %s made.pcap.$end) * 3 / 4))" made.pcap.$end >cut.$end
	exits ".$end that ends early" 1 "$SOCKEYE" dump -r cut.$end
	like ".$end: where" "$err" "^sockeye: cut\.$end: packet [0-9]+ at byte [0-9]+: the compressed data end early"
done
head -c 5000 made.pcap >cut.pcap
exits "a file that ends early" 1 "$SOCKEYE" dump -r cut.pcap
like "packet, byte and reason" "$err" '^sockeye: cut\.pcap: packet 5 at byte [0-9]+: the file ends early'
: >empty
exits "an empty file" 1 "$SOCKEYE" dump -r empty
exits "a filter that fits one of the link types" 0 "$SOCKEYE" dump -r "$seeds/ng-le" 'ether proto 0x800'

# --- writing ---
exits "-w" 0 "$SOCKEYE" dump -r made.pcap -w out.pcapng
is "the same packets" "$(times out.pcapng | cut -f1-3)" "$(times made.pcap | cut -f1-3)"
exits "-w NAME.pcap" 0 "$SOCKEYE" dump -r made.pcap -w out.pcap
is "is read by tcpdump" "$(tcpdump -nr out.pcap 2>/dev/null | wc -l)" "$count"
exits "a filter" 0 "$SOCKEYE" dump -c 7 -r made.pcap -w seven.pcapng 'udp'
is "and a count" "$(packets seven.pcapng)" 7
exits "-w -" 0 bash -c '"$SOCKEYE" dump -r made.pcap -w - | "$SOCKEYE" dump -r -'
is "through a pipe" "$(wc -l <<<"$out")" "$count"
exits "pcapng into pcapng" 0 "$SOCKEYE" dump -r "$seeds/ng-be" -w again.pcapng
is "comments, names and directions stay" \
	"$(tshark -n -r again.pcapng -c 1 -T fields -e frame.comment -e frame.interface_name -e frame.packet_flags_direction 2>/dev/null)" \
	$'a comment\teth0\t0x00000002'
like "secrets too" "$(capinfos again.pcapng)" 'decryption secrets in file: 1'
exits "several link types do not fit in a pcap" 1 "$SOCKEYE" dump -r "$seeds/ng-be" -w several.pcap
like "and that is told" "$err" 'one link type'

ln -s elsewhere link.pcapng
exits "a symbolic link in the way" 1 "$SOCKEYE" dump -r made.pcap -w link.pcapng
check "is not followed" test ! -e elsewhere
cp made.pcap self.pcap
exits "the file that is being read" 1 "$SOCKEYE" dump -r self.pcap -w self.pcap
check "is left alone" cmp made.pcap self.pcap

# --- rotation, beside tcpdump ---
mkdir ours theirs
"$PYTHON" - <<'P'
import struct
d = open("made.pcap", "rb").read()
with open("big.pcap", "wb") as f:
    f.write(d[:24] + d[24:] * 20)
P
for options in "-C 1" "-C 1 -W 3"; do
	rm -f ours/* theirs/*
	# shellcheck disable=SC2086
	exits "$options" 0 "$SOCKEYE" dump -r big.pcap -w ours/x.pcap $options
	# shellcheck disable=SC2086
	tcpdump -Z root -r big.pcap -w theirs/x.pcap $options 2>/dev/null
	is "$options: tcpdump's names" "$(ls ours)" "$(ls theirs)"
done
exits "-G goes by the packets' time" 0 "$SOCKEYE" dump -r "$seeds/us-le" -w 'ours/t-%s.pcapng' -G 1
is "a file a second" "$(ls ours | grep -c '^t-17000000')" 3
exits "-W ends it" 0 "$SOCKEYE" dump -r "$seeds/us-le" -w 'ours/w-%s.pcapng' -G 1 -W 2
is "after so many files" "$(ls ours | grep -c '^w-')" 2
exits "-C without -w" 2 "$SOCKEYE" dump -r made.pcap -C 1

# --- a full disk ---
mkdir full
if mount -t tmpfs -o size=300k none full 2>/dev/null; then
	for end in pcapng pcap; do
		rm -f full/*
		exits "a full disk ($end)" 1 "$SOCKEYE" dump -r big.pcap -w full/x.$end
		like "is said" "$err" 'No space left on device'
		like "with what is missing" "$err" 'packets written .*, [0-9]+ not'
		exits "what was written is whole" 0 "$SOCKEYE" dump -r full/x.$end
		check "and much" test "$(wc -l <<<"$out")" -gt 100
	done
	umount full
fi

# --- several interfaces ---
if ip link add v0 type veth peer name v1 2>/dev/null; then
	ip addr add 10.9.9.1/24 dev v0
	ip link set v0 up
	ip link set v1 up
	"$SOCKEYE" dump -i lo -i v0 -w both.pcapng udp port 9 2>both.err &
	pid=$!
	sent() {
		"$PYTHON" -c 'import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
s.sendto(b"l", ("127.0.0.1", 9)); s.sendto(b"v", ("10.9.9.255", 9))'
		[ "$(times both.pcapng | cut -f4 | sort -u | wc -l)" = 2 ]
	}
	check "both interfaces are written" wait_for 15 sent
	kill -INT $pid
	wait $pid
	is "in order of time" "$(times both.pcapng | cut -f1 | sort -c && echo sorted)" sorted
	like "the counters" "$(cat both.err)" 'dropped by the kernel, [0-9]+ by the interface, [0-9]+ here'
fi
exit $((failures > 0))
