#!/bin/bash
# The SOCK_RAW listener on the screen: R, its packets beside libpcap's, what it cannot see, and the words without
# the privilege.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need tmux "$PYTHON"

tui_start 140x40 "$SOCKEYE"
check "off at first" tui_wait 'raw off'
tui_keys R
check "R turns it on, the status line names what it listens to" tui_wait 'raw tcp\+udp\+icmp'
"$PYTHON" tests/harness/packets.py echo ::1
check "its packets, with their source" tui_wait 'raw icmp .*::1 → ::1 ICMPV6 echo reply'
check "beside libpcap's" tui_wait 'pcap .*::1 → ::1 ICMPV6 echo reply'
check "it counts on its own" tui_wait 'capture any · 2 packets.*raw tcp\+udp\+icmp 2'
check "the Inspector has it, too" tui_wait 'SOURCES'
check "each source with its counters" tui_wait 'raw icmp +2 packets, 96 bytes, 0 dropped'
check "and what it cannot see" tui_wait 'IPv6 without its header'
tui_keys 2
check "the host's sockets" tui_wait 'tmux.* unix +LISTEN'
unlike "its own sockets are not among them" "$(tui_screen)" 'sockeye +[0-9]+ raw'
tui_keys 1
tui_wait 'scope mine'
tui_keys Tab End Enter
check "an open packet tells what its source cannot see" tui_wait 'Seen by .*It gets'
tui_keys Escape
check "closed again" tui_wait 'Traffic everything ─'
tui_keys R
check "R turns it off" tui_wait 'raw off 2'
tui_keys R
check "and on" tui_wait 'raw tcp\+udp\+icmp 2'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0

tui_start 140x40 "$SOCKEYE" --raw
check "--raw" tui_wait 'raw tcp\+udp\+icmp'
tui_type ':raw on all'
tui_keys Enter
check "the packet socket too" tui_wait 'raw tcp\+udp\+icmp\+all'
tui_type ':raw off tcp'
tui_keys Enter
check "one of them off" tui_wait 'raw udp\+icmp\+all'
tui_keys Space
tui_wait 'tcp1 +tcp +CLOSED'
tui_keys Space
check "a connection is made" tui_wait 'tcp1 +tcp +ESTABLISHED'
check "frames of it" tui_wait 'raw all .*\[[SP]?\.?\]'
tui_type ':ping = socket inet raw icmp'
tui_keys Enter
tui_wait 'ping +(icmp|raw)'
tui_type ':setsockopt ICMP_FILTER but-replies'
tui_keys Enter
tui_type ':send hex:0800f7fd00010001 to 127.0.0.1'
tui_keys Enter
check "an echo request by hand" tui_wait 'sendto\(.* = 8'
check "the reply among its packets" tui_wait 'echo reply id=1 seq=1'
tui_keys r Enter
check "the reply is received" tui_wait 'recv.* = 28 '
tui_keys q
is "q ends it" "$(tui_gone 5)" 0

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	tui_start 140x40 setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all \
		env HOME=/nonexistent "$SOCKEYE"
	check "it starts without a privilege" tui_wait 'no privileges'
	tui_keys R
	check "the call with its errno" tui_wait 'socket\(AF_INET, SOCK_RAW, IPPROTO_TCP\) = -1 EPERM'
	check "what is needed" tui_wait 'CAP_NET_RAW.*setcap'
	check "and the status line" tui_wait 'raw refused'
	check "it stays in the Inspector" tui_wait 'SOURCES'
	tui_keys Space
	tui_wait 'tcp1 +tcp +CLOSED'
	tui_keys Space
	check "nothing else stops working" tui_wait 'tcp1 +tcp +ESTABLISHED'
	tui_keys q
	is "q ends it" "$(tui_gone 5)" 0
fi
tui_end
exit $((failures > 0))
