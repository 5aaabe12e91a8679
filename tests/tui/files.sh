#!/bin/bash
# -w records what is captured, -r opens a capture: from a file and from standard input.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need tmux "$PYTHON" tcpdump script

tui_start 120x36 "$SOCKEYE" -i lo -w "$TMPDIR/recorded.pcapng" --raw
check "the status line names the file" tui_wait 'writing .*recorded\.pcapng'
for step in 'tcp1 +tcp +CLOSED' 'tcp1 +tcp +ESTABLISHED' 'send\(' 'recv\(.* = 6' 'shutdown\('; do
	tui_keys Space
	tui_wait "$step"
done
tui_keys Space
check "a connection" tui_wait 'tcp1 +tcp +TIME-WAIT'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0
read_back=$(tcpdump -nr "$TMPDIR/recorded.pcapng" 2>/dev/null)
is "each SYN once, though two sources saw it" "$(grep -c 'Flags \[S\]' <<<"$read_back")" 1
like "up to the last FIN" "$(grep -c 'Flags \[F' <<<"$read_back")" '^2$'

exits "a file that exists is left alone" 1 script -qec "$SOCKEYE -w $TMPDIR/recorded.pcapng" /dev/null
like "and that is told" "$out" 'exists already'
exits "the screen cannot be a file" 2 script -qec "$SOCKEYE -w -" /dev/null
exits "nor the keyboard a capture" 2 script -qec "$SOCKEYE -r -" /dev/null
exits "a capture that is not there" 1 script -qec "$SOCKEYE -r $TMPDIR/nowhere" /dev/null

tui_start 120x36 "$SOCKEYE" -r "$TMPDIR/recorded.pcapng"
check "the status line names it" tui_wait 'file .*recorded\.pcapng'
check "its packets, with addresses" tui_wait '127\.0\.0\.1 → 127\.0\.0\.1 TCP [0-9]+ → [0-9]+ \[S\] seq=0'
tui_keys Tab Home Enter
check "one in full" tui_wait 'Transmission Control Protocol'
tui_keys Escape
tui_type ":write $TMPDIR/again.pcapng"
tui_keys Enter
check "all of them are written again" tui_wait 'wrote [0-9]+ packets to .*again'
is "the same packets" "$(tcpdump -nr "$TMPDIR/again.pcapng" 2>/dev/null)" "$read_back"
tui_keys q
is "q ends it" "$(tui_gone 5)" 0
tcpdump -r "$TMPDIR/recorded.pcapng" -w "$TMPDIR/plain.pcap" 2>/dev/null
tui_start 120x36 "$SOCKEYE" -r "$TMPDIR/plain.pcap"
check "a file of another program" tui_wait 'file plain\.pcap'
tui_keys n Enter
check "sockets can be made meanwhile" tui_wait 'tcp1 +tcp +CLOSED'
tui_keys 5
check "and the file is there still" tui_wait 'scope file'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0

tui_start 120x36 bash -c "exec \"$SOCKEYE\" -r - <'$TMPDIR/recorded.pcapng'"
check "from standard input" tui_wait '127\.0\.0\.1 → 127\.0\.0\.1 TCP [0-9]+ → [0-9]+ \[S\] seq=0'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0
tui_start 120x36 bash -c "tcpdump -i lo -U -w - udp 2>'$TMPDIR/tcpdump.err' | \"$SOCKEYE\" -r -"
check "a stream" wait_for 10 grep -q 'listening on' "$TMPDIR/tcpdump.err"
check "on the screen" tui_wait 'Traffic everything'
"$PYTHON" tests/harness/packets.py udp 127.0.0.1 321
check "its packets as they come" tui_wait '127\.0\.0\.1 → 127\.0\.0\.1 UDP [0-9]+ → 4000 len=321'
tui_keys q
tui_end
# An ICMP error stands with the datagram that it is about.
"$SOCKEYE" run -i lo -w "$TMPDIR/udp.pcapng" - >/dev/null <<'SCRIPT'
c = socket inet dgram
c.connect 127.0.0.1:1
c.send "anybody?"
c.recv
c.expect error ECONNREFUSED
SCRIPT
tcpdump -r "$TMPDIR/udp.pcapng" -w "$TMPDIR/udp.pcap" 2>/dev/null
tui_start 120x36 "$SOCKEYE" -r "$TMPDIR/udp.pcap"
check "a flow of UDP" tui_wait 'udp .*127\.0\.0\.1:1 '
tui_keys u
check "u: of a capture nobody knows the owners" tui_wait 'Sockets by remote'
tui_keys u
tui_wait_not 'Sockets by'
tui_keys v v
check "v passes over what has nothing for all packets" tui_wait ' summary ─'
tui_keys Tab j
tui_keys v v
check "and over the options of a flow" tui_wait ' kernel +wire'
tui_keys v v Tab
check "has the error that answers it" tui_wait '← +ICMP destination unreachable \(port unreachable\)'
tui_keys t
check "and so does its ladder" tui_wait '◄ ICMP port unreachable ─'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0
tui_end
exit $((failures > 0))
