#!/bin/bash
# sockeye dump --raw: SOCK_RAW listeners on the loopback and on a link to another host.
source "$(dirname "$0")/../harness/lib.sh"
need "$PYTHON" ip

PACKETS="$PYTHON tests/harness/packets.py"

# listen_begin ARGUMENT…: a listener, once its worker runs, which is when its sockets are ready
listen_begin() {
	"$SOCKEYE" dump "$@" >"$TMPDIR/heard" 2>"$TMPDIR/heard.err" &
	listener=$!
	wait_for 10 bash -c "grep -q capture /proc/$listener/task/*/comm"
}
# heard REGEX: the listener has printed it
heard() { wait_for 10 grep -Eq -- "$1" "$TMPDIR/heard"; }
listen_end() {
	kill -INT "$listener"
	wait "$listener"
	is "the listener ends well" $? 0
}

# --- what each listener gets on the loopback ---

listen_begin --raw icmp -v
$PACKETS echo 127.0.0.1
$PACKETS echo ::1
check "ICMP" heard '127\.0\.0\.1 → 127\.0\.0\.1 ICMP .*reply'
check "ICMPv6" heard '::1 → ::1 ICMPV6 .*reply'
check "its header says that it was rebuilt" heard 'Rebuilt: not wire bytes'
check "the checksum over rebuilt addresses is right" heard 'Checksum.*correct'
listen_end

listen_begin --raw tcp --json
exits "TCP over IPv4" 0 "$SOCKEYE" run assets/scripts/tcp4.sock
exits "TCP over IPv6" 0 "$SOCKEYE" run assets/scripts/tcp6.sock
check "both connections end" wait_for 10 bash -c "[ \$(grep -c '\"flags\":\"F.\"' '$TMPDIR/heard') -ge 4 ]"
listen_end
check "its JSON fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/dump.json <"$TMPDIR/heard"
check "IPv4 as it came, IPv6 rebuilt, all inward" "$PYTHON" -c '
import json, sys
packets = [json.loads(line) for line in sys.stdin]
four = [p for p in packets if "ipv4" in p["layers"]]
six = [p for p in packets if "ipv6" in p["layers"]]
assert [p["tcp"]["flags"] for p in four[:3]] == ["S", "S.", "."], four[:3]
assert [p["tcp"]["flags"] for p in six[:3]] == ["S", "S.", "."], six[:3]
assert all("rebuilt" not in p for p in four)
assert all(p["rebuilt"] == 40 for p in six)
assert all(p["direction"] == "in" and p["interface"] == "lo" for p in packets)
assert all(p["malformed"] is None for p in packets), packets
' <"$TMPDIR/heard"

listen_begin --raw udp --json -v 'udp or ip6'
$PACKETS udp 127.0.0.1 3000
$PACKETS options ::1
check "UDP" heard '"length":3028'
check "IPv6 with options" heard '"ipv6"'
listen_end
check "hop limit, class and extension headers are those that were sent" "$PYTHON" -c '
import json, sys
p = next(p for p in map(json.loads, sys.stdin) if "ipv6" in p["layers"])
fields = {f["name"]: f["value"] for f in p["fields"]}
assert p["rebuilt"] == 56 and p["length"] == 56 + 16, p
assert fields["ipv6.hlim"] == "7", fields
assert int(fields["ipv6.tclass"], 0) == 0xb8, fields
assert p["sport"] and p["dport"] == 4000 and p["malformed"] is None, p
' <"$TMPDIR/heard"

listen_begin --raw udp 'port 4000 and greater 100'
$PACKETS udp 127.0.0.1 10
$PACKETS udp ::1 10
$PACKETS udp ::1 200
$PACKETS udp 127.0.0.1 200
check "what passes the filter" wait_for 10 bash -c "[ \$(wc -l <'$TMPDIR/heard') -ge 2 ]"
listen_end
is "and nothing else" "$(grep -c 'len=200' "$TMPDIR/heard") $(wc -l <"$TMPDIR/heard")" "2 2"

listen_begin --raw icmp -w "$TMPDIR/rebuilt.pcapng" -c 4
$PACKETS echo ::1
$PACKETS echo 127.0.0.1
wait "$listener"
exits "what was heard, in a file" 0 "$SOCKEYE" dump -r "$TMPDIR/rebuilt.pcapng"
is "all of it" "$(grep -c 'echo' <<<"$out")" 4
is "a comment says which headers were rebuilt" "$(grep -ao 'not seen on the wire' "$TMPDIR/rebuilt.pcapng" | wc -l)" 2

# --- a link to another host: what comes in and what goes out ---

if ip link add left type veth peer name right 2>/dev/null && ip netns add sockeye_raw_$$ 2>/dev/null; then
	other=sockeye_raw_$$
	at_exit ip netns del $other
	ip link set right netns $other
	ip address add 10.9.0.1/24 dev left
	ip -6 address add fd09::1/64 dev left nodad
	ip link set left up
	ip netns exec $other sh -c 'ip link set lo up; ip address add 10.9.0.2/24 dev right
		ip -6 address add fd09::2/64 dev right nodad; ip link set right up'
	wait_for 10 bash -c "$PACKETS echo 10.9.0.2"

	listen_begin --raw icmp -i left
	$PACKETS echo 10.9.0.2
	$PACKETS echo fd09::2
	check "a reply over IPv4" heard '10\.9\.0\.2 → 10\.9\.0\.1 ICMP .*reply'
	check "a reply over IPv6" heard 'fd09::2 → fd09::1 ICMPV6 .*reply'
	listen_end
	unlike "a raw inet socket does not see what goes out" "$(cat "$TMPDIR/heard")" 'echo.*request'

	listen_begin --raw icmp -i lo -i left
	$PACKETS echo 10.9.0.2
	$PACKETS echo 127.0.0.1
	check "on two interfaces" heard '127\.0\.0\.1 → 127\.0\.0\.1 ICMP .*reply'
	check "and the other" heard '10\.9\.0\.2 → 10\.9\.0\.1 ICMP .*reply'
	listen_end

	listen_begin --raw all --json
	$PACKETS echo 10.9.0.2
	check "sees both ways" heard '"direction":"in".*reply'
	listen_end
	like "what goes out, with its link header" "$(cat "$TMPDIR/heard")" \
		'"direction":"out","layers":\["ethernet","ipv4","icmp".*request'

	listen_begin --raw all --json -i left 'vlan 42'
	ip netns exec $other "$PYTHON" tests/harness/packets.py vlan right
	check "a VLAN tag that the kernel took out is there again" heard '"ethernet","vlan","ipv4"'
	listen_end
	listen_begin --raw all --json -i left 'ip proto 17'
	ip netns exec $other "$PYTHON" tests/harness/packets.py udp 10.9.0.1 3000
	check "the packet socket sees fragments" wait_for 10 bash -c "[ \$(grep -c '10.9.0.2' '$TMPDIR/heard') -ge 3 ]"
	listen_end
	listen_begin --raw udp --json
	ip netns exec $other "$PYTHON" tests/harness/packets.py udp 10.9.0.1 3000
	ip netns exec $other "$PYTHON" tests/harness/packets.py udp fd09::1 3000
	check "the raw socket sees the datagram, put together" heard '"length":3028,.*"src":"10\.9\.0\.2"'
	check "IPv6 too" heard '"length":3048,.*"rebuilt":40,.*"src":"fd09::2"'
	listen_end
	is "once each" "$(grep -c '"dport":4000' "$TMPDIR/heard")" 2
	exits "a device that is not there" 1 "$SOCKEYE" dump --raw tcp -i nosuch0
else
	skip "over a link" "no veth or no network namespace"
fi

# --- beside libpcap: a packet counts once ---

cat >"$TMPDIR/beside.sock" <<'END'
raw on tcp all
c = socket inet stream
c.connect $echo.tcp
c.expect packets S S. .
c.close
END
exits "raw on in a script" 0 "$SOCKEYE" run --json --capture lo "$TMPDIR/beside.sock"
is "the handshake is three packets, whoever else sees them" "$("$PYTHON" -c '
import json, sys
steps = [json.loads(line) for line in sys.stdin]
print([p["flags"] for p in steps[2]["packets"]])' <<<"$out")" "['S', 'S.', '.']"

# --- usage and privileges ---

exits "an unknown protocol" 2 "$SOCKEYE" dump --raw sctp
like "is told what there is" "$err" 'tcp, udp, icmp or all'
exits "not with a file" 2 "$SOCKEYE" dump --raw tcp -r README.md
exits "a bad filter" 2 "$SOCKEYE" dump --raw tcp 'no such thing'
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	nobody="setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all"
	exits "without the privilege" 3 $nobody "$SOCKEYE" dump --raw tcp -c 1
	like "the call with its errno, what it means and what grants it" "$err" \
		'socket\(AF_INET, SOCK_RAW, IPPROTO_TCP\) = -1 EPERM.*CAP_NET_RAW.*setcap cap_net_raw\+ep'
	only_raw="setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all,+net_raw \
		--inh-caps=-all,+net_raw --ambient-caps=-all,+net_raw"
	$only_raw "$SOCKEYE" dump --raw udp -c 1 'port 4000' >"$TMPDIR/heard" 2>"$TMPDIR/heard.err" &
	listener=$!
	wait_for 10 bash -c "grep -q capture /proc/$listener/task/*/comm"
	$PACKETS udp ::1 10
	check "CAP_NET_RAW alone is enough" heard '::1 → ::1'
	wait "$listener"
	for line in 'raw on tcp' 'capture on'; do
		printf '%s\nprint "behind"\n' "$line" >"$TMPDIR/script"
		chmod 755 "$TMPDIR" && chmod 644 "$TMPDIR/script"
		exits "a script's $line" 3 $nobody "$SOCKEYE" run "$TMPDIR/script"
		like "names what it needs and what grants it" "$err" '^sockeye: .*CAP_NET_RAW.*setcap cap_net_raw\+ep'
		like "its step failed" "$out" '0 passed, 1 failed'
		exits "which also a run that goes on tells" 3 $nobody "$SOCKEYE" run --json --keep-going "$TMPDIR/script"
		like "in the end" "$out" '"passed":1,"failed":1'
	done
	exits "nor a packet socket" 3 $nobody "$SOCKEYE" dump --raw all -c 1
	like "the same of a packet socket" "$err" 'socket\(AF_PACKET, SOCK_RAW, .*EPERM.*setcap'
fi
exit $((failures > 0))
