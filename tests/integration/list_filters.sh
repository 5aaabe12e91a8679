#!/bin/bash
# Filters in ss's own words: each line of the table is given to ss and to sockeye list as it stands, and both have to
# find the same sockets. Not in it, as this ss refuses them: dst != ADDRESS, states in brackets, IPv6 without brackets;
# nor what sockeye has not: autobound, cgroup PATH, a mark's mask, inet: before an address.
source "$(dirname "$0")/../harness/lib.sh"
need "$PYTHON" ss

"$PYTHON" tests/integration/busy_peers.py >"$TMPDIR/peers" 2>&1 &
check "sockets of every kind" wait_for 10 grep -q '^ready' "$TMPDIR/peers" || { note "$(cat "$TMPDIR/peers")"; exit 1; }

# By cookie; ss has none of UNIX sockets: by inode. What -u has beside UDP, ss does not know.
theirs() {
	if [ "$1" = -x ]; then
		ss -HOan "$@" 2>/dev/null | sed -E 's/^.* ([0-9]+) +\* +[0-9]+ *$/\1/'
	else
		ss -HOane "$@" 2>/dev/null | grep -o 'sk:[0-9a-f]*' | sed 's/sk:/0x/'
	fi | sort
}
ours() {
	"$SOCKEYE" list --json "$@" 2>/dev/null | "$PYTHON" -c '
import json, sys
for line in sys.stdin:
    o = json.loads(line)
    if o["proto"] != "udplite":
        print(o["inode"] if o["proto"] == "unix" else o["cookie"])' | sort
}

# same OPTIONS FILTER…: tried again, for a timer may end a socket meanwhile
found=0
same() {
	local options=$1 filter=$2 words a b
	# as typed in a shell: words, quotes removed
	read -ra words <<<"$filter"
	for _ in 1 2 3; do
		a=$(theirs "$options" "${words[@]}")
		b=$(ours "$options" "${words[@]}")
		[ "$a" != "$b" ] || break
	done
	[ -z "$b" ] || found=$((found + 1))
	if [ "$a" = "$b" ]; then
		ok "$options $filter ($(grep -c . <<<"$b"))"
	else
		not_ok "$options $filter" "only ss: $(comm -23 <(echo "$a") <(echo "$b") | tr '\n' ' ')"$'\n'"only sockeye: $(
			comm -13 <(echo "$a") <(echo "$b") | tr '\n' ' ')"$'\n'"$("$SOCKEYE" list "$options" "${words[@]}" 2>&1 >/dev/null)"
	fi
}

rows=0
while IFS= read -r line; do
	case $line in ''|'#'*) continue ;; esac
	same "${line%% *}" "${line#* }"
	rows=$((rows + 1))
done <<'TABLE'
# states
-t state established
-t state listening
-t state syn-sent
-t state syn-recv
-t state fin-wait-1
-t state fin-wait-2
-t state close-wait
-t state last-ack
-t state time-wait
-t state closing
-t state closed
-t state all
-t state connected
-t state synchronized
-t state bucket
-t state big
-t exclude listening
-t exclude established
-t exclude connected
-t state established state close-wait
-u state established
-u state unconnected
-x state listening
-x state established
# ports
-t sport = :8100
-t sport = 8100
-t sport 8100
-t sport :8100
-t dport 8100
-t dport = :8100
-t sport == :8100
-t sport eq :8100
-t dport != :8100
-t dport ne :8100
-t dport neq :8100
-t sport > :8104
-t sport gt :8104
-t sport >= :8104
-t sport ge :8104
-t sport geq :8104
-t sport < :8104
-t sport lt :8104
-t sport <= :8104
-t sport le :8104
-t sport leq :8104
-t sport = :8100 or sport = :8101
-t ( sport = :8100 or dport = :8101 )
-t not sport = :8100
-t ! sport = :8100
-t sport = :8100 and not dport = :8100
-t sport = :8100 && dport > :1024
-t sport = :8100 || sport = :8102
-t sport = :8100 & dport > :1024
-t sport = :8100 | sport = :8102
-t sport > :8100 sport < :8104
-u sport = :8202
-u dport = :8200
# addresses
-t src 127.0.0.1
-t dst 127.0.0.1
-t src 127.0.0.0/8
-t dst 127.0.0.0/8
-t src 127.9.8.7
-t src 127.9.0.0/16
-t dst 10.0.0.0/8
-t src 127.0.0.1:8100
-t src 127.0.0.0/8:8100
-t dst 127.0.0.1:8105
-t src *:8100
-t src :8100
-t dst :8100
-t src [::1]
-t dst [::1]
-t src [::1]:8101
-t dst [::1]:8106
-t src 0.0.0.0/0
-t src 0.0.0.0
-t src = 127.0.0.1
-t not dst 127.0.0.1
-t dst 127.0.0.1 or dst [::1]
-t src [::ffff:127.0.0.1]
-u src 127.0.0.1
-u dst [::1]
-u src [::]:8201
# both
-t state established ( dport = :8100 or sport = :8100 )
-t state established dst 127.0.0.1 dport = :8100
-t state fin-wait-1 state fin-wait-2 src 127.0.0.1
-t exclude time-wait dst [::1]
# others
-t dev lo
-t dev = lo
-u dev lo
-t dev != lo
-t dev neq lo
-t dev lo and sport 8111
-t fwmark 42
-t fwmark != 42
-t fwmark = 42
-t fwmark = 0x2a
-t4 state established
-t6 state established
-l4t sport >= :8100
-tu sport = :8112
-tu state established
TABLE
# A table that finds nothing shows nothing.
check "most of them find something" [ $((found * 10)) -ge $((rows * 8)) ]
exit $((failures > 0))
