#!/bin/bash
# Host names, against a dnsmasq of the test's own: every address is tried, an unknown name is told, a dumb server does
# not block.
source "$(dirname "$0")/../harness/lib.sh"
need dnsmasq python3 unshare

printf 'nameserver 127.0.0.1\n' >"$TMPDIR/resolv.conf"
printf '127.0.0.1 localhost\n' >"$TMPDIR/hosts"
cat >"$TMPDIR/names" <<'S'
127.0.0.1 one.test
127.0.0.9 both.test
127.0.0.1 both.test
::1 six.test
S
dnsmasq --keep-in-foreground --no-resolv --no-hosts --addn-hosts="$TMPDIR/names" --local=/test/ --port=53 \
	--listen-address=127.0.0.1 --bind-interfaces --pid-file= --user="$(id -un)" --log-facility="$TMPDIR/dnsmasq.log" &
check "dnsmasq listens" wait_for 10 listening 53 udp

# sockeye sees this resolv.conf and this hosts file, in a mount namespace of its own
asked() { # SCRIPT: run it from standard input
	unshare -m bash -c 'mount --bind "$TMPDIR/resolv.conf" /etc/resolv.conf &&
		mount --bind "$TMPDIR/hosts" /etc/hosts && exec "$SOCKEYE" run -' <<<"$1"
}
server='s = socket inet stream
s.bind 127.0.0.1:7001
s.listen
c = socket inet stream'

exits "a name" 0 asked "$server
c.connect one.test:7001
c.expect peer 127.0.0.1:7001"
exits "a name with two addresses, one of which refuses" 0 asked "$server
c.connect both.test:7001
c.expect peer 127.0.0.1:7001"
exits "a name from the hosts file" 0 asked "$server
c.connect localhost:7001
c.expect peer 127.0.0.1:7001"
exits "an IPv6 name" 0 asked "s = socket inet6 stream
s.bind [::1]:7001
s.listen
c = socket inet6 stream
c.connect six.test:7001
c.expect peer [::1]:7001"
exits "Python's spelling" 0 asked "$server
c.connect((\"one.test\", 7001))"
exits "a name that does not exist" 1 asked "$server
c.connect nobody.test:7001"
like "says so" "$out" 'nobody.test: there is no such host'

# The reverse: list -r.
listed() { # OPTIONS…
	unshare -m bash -c 'mount --bind "$TMPDIR/resolv.conf" /etc/resolv.conf &&
		mount --bind "$TMPDIR/hosts" /etc/hosts && exec "$SOCKEYE" list "$@"' list "$@"
}
python3 -c '
import socket, time
keep = [socket.create_server((a, 7090)) for a in ("127.0.0.1", "127.0.0.9", "127.0.0.77")]
time.sleep(60)' &
check "listeners on three addresses" wait_for 10 bash -c '[ "$(ss -Hltn sport = :7090 | wc -l)" = 3 ]'
exits "list -r" 0 listed -Htl -r --columns local port:7090
like "a name from the hosts file" "$out" '^localhost:7090'
like "one from the name server" "$out" '^both\.test:7090'
like "no name: the number" "$out" '^127\.0\.0\.77:7090'
exits "without -r" 0 listed -Htl --columns local port:7090
unlike "nobody is asked" "$out" 'test'

# A name server that never answers: the step's own time-out ends it.
printf 'nameserver 127.0.0.2\n' >"$TMPDIR/resolv.conf"
python3 -c '
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.2", 53))
time.sleep(60)' &
check "a dumb server" wait_for 10 bash -c 'ss -Hlun | grep -q 127.0.0.2:53'
exits "no answer" 1 asked "set timeout 300ms
$server
c.connect one.test:7001"
like "says so" "$out" 'no answer about one.test in time'
began=${EPOCHREALTIME/./}
exits "list -r does not wait for ever" 0 listed -Htl -r --columns local port:7090
like "numbers then" "$out" '^127\.0\.0\.9:7090'
took=$(((${EPOCHREALTIME/./} - began) / 1000))
check "but for 2 s at most ($took ms)" [ $took -lt 4000 ]
exit $((failures > 0))
