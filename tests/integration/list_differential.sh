#!/bin/bash
# sockeye list against ss: every socket of a namespace where each kind is, in each state that stays, value by value.
# What is different on purpose, and why, is listed in differential.py.
source "$(dirname "$0")/../harness/lib.sh"
need "$PYTHON" ss

"$PYTHON" tests/integration/busy_peers.py >"$TMPDIR/peers" 2>&1 &
peers=$!
if ! check "sockets of every kind" wait_for 10 grep -q '^ready' "$TMPDIR/peers"; then
	note "$(cat "$TMPDIR/peers")"
	exit 1
fi
without=$(grep '^without' "$TMPDIR/peers")
[ -z "$without" ] || note "$without"
check "every socket, every value as ss has it" "$PYTHON" tests/integration/differential.py "$SOCKEYE" "$peers"
by_proc "$TMPDIR/by-proc"
check "owners by /proc" "$PYTHON" tests/integration/differential.py "$TMPDIR/by-proc" "$peers"

# The states are all there: the comparison above was about something.
states=$("$SOCKEYE" list -Ht --columns state | tr -d ' ' | sort -u | tr '\n' ' ')
is "the states of TCP" "$states" \
	"CLOSE-WAIT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 LAST-ACK LISTEN SYN-RECEIVED SYN-SENT TIME-WAIT "
exit $((failures > 0))
