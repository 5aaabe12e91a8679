#!/bin/bash
# sockeye list of thousands of TCP sockets: whichever way they are found, by their owners or by a dump, the list is the same,
# and as ss has it.
source "$(dirname "$0")/../harness/lib.sh"
need "$PYTHON" ss

mkfifo "$TMPDIR/say"
"$PYTHON" tests/integration/many_peers.py <"$TMPDIR/say" >"$TMPDIR/peers" 2>&1 &
exec 9>"$TMPDIR/say"
if ! check "thousands of sockets" wait_for 30 grep -q '^ready' "$TMPDIR/peers"; then
	note "$(cat "$TMPDIR/peers")"
	exit 1
fi
# The last ACKs of what was closed have come.
check "all is quiet" wait_for 10 bash -c '[ "$(ss -Htan state time-wait | wc -l)" = 15 ]'

plain=proto,state,recv-q,send-q,local,remote,owner
by_owner() { "$SOCKEYE" list -Ht --columns $plain "$@" | tr -s ' '; }
by_dump() { "$SOCKEYE" list -Ht --columns $plain,cookie "$@" | tr -s ' ' | sed 's/ [^ ]*$//'; } # the cookie is in a dump only
alone() { "$SOCKEYE" list -Ht --no-owners --columns ${plain%,owner} | awk '{ print $1, $2, $3, $4, $5, $6 }'; }
by_ss() { ss -Htan | sed 's/^ESTAB /ESTABLISHED /' | awk '{ print $1, $2, $3, $4, $5 }' | sort; }
# Both names for "any", and nobody at the other end.
as_ss() {
	sed 's/ \[::\]:\([0-9]*\) - / *:\1 *:* /; s/ \([0-9.]*:[0-9]*\) - / \1 0.0.0.0:* /' |
		awk '$2 != "CLOSED" { print $2, $3, $4, $5, $6 }' | sort
}

same() { # same WHAT: all ways
	by_owner >"$TMPDIR/owner"
	by_dump >"$TMPDIR/dump"
	by_ss >"$TMPDIR/ss"
	check "$1: more than 4096" test "$(wc -l <"$TMPDIR/owner")" -gt 7000
	check "$1: by owners and by a dump" cmp "$TMPDIR/owner" "$TMPDIR/dump"
	check "$1: without owners" diff <(alone) <(awk '{ print $1, $2, $3, $4, $5, $6 }' "$TMPDIR/owner")
	check "$1: as in ss" diff <(as_ss <"$TMPDIR/owner") "$TMPDIR/ss"
}

same "all accepted"
check "a filter: some" test "$(by_owner 'recvq:>3' | wc -l)" -gt 500
check "a filter: by owners and by a dump" cmp <(by_owner 'recvq:>3') <(by_dump 'recvq:>3')
echo >&9
check "one more connects" wait_for 10 grep -q '^one waits' "$TMPDIR/peers"
same "one waits for accept"

by_proc "$TMPDIR/by-proc"
"$TMPDIR/by-proc" list -Ht --columns $plain | tr -s ' ' >"$TMPDIR/proc"
check "owners by /proc" cmp "$TMPDIR/owner" "$TMPDIR/proc"
exit $((failures > 0))
