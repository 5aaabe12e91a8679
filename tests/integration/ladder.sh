#!/bin/bash
# The ladder of each script under assets/scripts is as it was written down in golden/ladder (UPDATE=1 writes them).
# What the kernel does by its timers may come a moment earlier or later on a busy machine: three tries.
source "$(dirname "$0")/../harness/lib.sh"

# Left out, because no two runs or hosts give the same packets: the raw sockets' data has IP identifications in it,
# zero_window depends on the buffer sizes of the kernel and on its probes, backlog on when the SYN is sent again.
without=" raw_icmp raw_header zero_window backlog "
golden=tests/integration/golden/ladder

ladder() { "$SOCKEYE" run --ladder --stable --no-color -i lo "$1" 2>&1 | sed '1,/ passed, /d'; }
same() {
	for _ in 1 2 3; do
		ladder "$1" >"$TMPDIR/ladder"
		cmp -s "$TMPDIR/ladder" "$golden/$2.txt" && return 0
	done
	diff "$golden/$2.txt" "$TMPDIR/ladder" >&2
	return 1
}

for file in assets/scripts/*.sock; do
	name=$(basename "$file" .sock)
	[[ $without == *" $name "* ]] && continue
	[ -z "${UPDATE:-}" ] || ladder "$file" >"$golden/$name.txt"
	check "$name: its ladder" same "$file" "$name"
done

# With times, and in a file: text and a drawing that is well-formed XML.
cp assets/scripts/tcp4.sock "$TMPDIR/save.sock"
printf 'select client\nwrite %s/l.svg\nwrite %s/l.txt\n' "$TMPDIR" "$TMPDIR" >>"$TMPDIR/save.sock"
exits "a ladder is written" 0 "$SOCKEYE" run -i lo "$TMPDIR/save.sock"
check "as XML" "$PYTHON" -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$TMPDIR/l.svg"
check "the drawing has the states" grep -q 'TIME-WAIT\|FIN-WAIT-2' "$TMPDIR/l.svg"
check "the drawing has the arrows" grep -q 'marker-end="url(#o)"' "$TMPDIR/l.svg"
check "the text has the data" grep -q '\[P\.\].*"question' "$TMPDIR/l.txt"
check "the text has times" grep -q '+.* µs' "$TMPDIR/l.txt"
exits "a file is not written over" 1 "$SOCKEYE" run -i lo "$TMPDIR/save.sock"
like "and it says why" "$out$err" 'File exists'
exits "not with --json" 2 "$SOCKEYE" run --ladder --json assets/scripts/tcp4.sock
exit $((failures > 0))
