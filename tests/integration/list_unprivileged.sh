#!/bin/bash
# sockeye list without privileges, as nobody: everything that the kernel tells is there, each missing owner has its
# reason, one line hints. And each reason there is, provoked.
source "$(dirname "$0")/../harness/lib.sh"
need "$PYTHON" setpriv ss
need_root

cp "$SOCKEYE" "$TMPDIR/sockeye"
chmod 755 "$TMPDIR" "$TMPDIR/sockeye"
drop=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --no-new-privs)
as_nobody() { "${drop[@]}" "$TMPDIR/sockeye" list "$@"; }

# Root has these; as $TMPDIR is ours, nobody needs to write there.
"$PYTHON" tests/integration/busy_peers.py >"$TMPDIR/peers" 2>&1 &
check "root's sockets" wait_for 10 grep -q '^ready' "$TMPDIR/peers" || { note "$(cat "$TMPDIR/peers")"; exit 1; }
# And nobody has one, where there is a python for nobody.
for python in "$PYTHON" /usr/bin/python3 ''; do "${drop[@]}" "$python" -c '' 2>/dev/null && break; done
[ "$python" ] || { skip "a socket of nobody" "nobody may not run python"; exit; }
"${drop[@]}" "$python" -c '
import signal, socket
s = socket.socket(); s.bind(("127.0.0.1", 8500)); s.listen(); signal.pause()' &
mine=$!
check "a socket of nobody" wait_for 10 listening 8500

exits "as nobody" 0 as_nobody --json
cp "$TMPDIR/.out" "$TMPDIR/theirs"
is "one line hints" "$(wc -l <"$TMPDIR/.err") $(grep -c 'hidden.*root' "$TMPDIR/.err")" "1 1"
exits "as root" 0 "$SOCKEYE" list --json
cp "$TMPDIR/.out" "$TMPDIR/ours"
check "it fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/list.json <"$TMPDIR/theirs"

# compare EXPRESSION: over `a` (as root) and `b` (as nobody), dictionaries by kind and inode, cookie or name
compare() {
	"$PYTHON" - "$TMPDIR/ours" "$TMPDIR/theirs" "$1" <<'P'
import json, sys
def read(path):
    out = {}
    for line in open(path):
        o = json.loads(line)
        out[o["proto"], o["inode"] or o["cookie"]] = o
    return out
a, b = read(sys.argv[1]), read(sys.argv[2])
# the dump's own netlink sockets come and go
a = {k: v for k, v in a.items() if k[0] != "netlink"}
b = {k: v for k, v in b.items() if k[0] != "netlink"}
def told(o):
    # what moves by itself, what owners are, and what needs a capability: the mark
    drop = "owners owner_reason peer_owners timer tcp recv_q send_q memory mark".split()
    return {k: v for k, v in o.items() if k not in drop}
print(eval(sys.argv[3]))
P
}
is "every socket is there" "$(compare 'sorted(map(str, set(a) ^ set(b)))')" "[]"
is "with the same values" "$(compare '[(told(a[k]), told(b[k])) for k in a if told(a[k]) != told(b[k])]')" "[]"
is "with what TCP tells" "$(compare 'all(bool(a[k]["tcp"]) == bool(b[k]["tcp"]) for k in a)')" True
is "and its memory" "$(compare 'all(bool(a[k]["memory"]) == bool(b[k]["memory"]) for k in a)')" True
is "an owner, or a reason" "$(compare '[k for k in b if bool(b[k]["owners"]) == bool(b[k]["owner_reason"])]')" "[]"
is "of nobody's own the owner is known" \
	"$(compare '[[o["pid"] for o in x["owners"]] for x in b.values() if x["local"] and x["local"].get("port") == 8500]')" \
	"[[$mine]]"
is "of root's it is not permitted" \
	"$(compare 'set(b[k]["owner_reason"] for k in b if a[k]["owners"] and not b[k]["owners"])')" "{'no-permission'}"
is "reasons that need no permission stay" \
	"$(compare 'sorted((a[k]["owner_reason"], b[k]["owner_reason"]) for k in b if a[k]["owner_reason"] not in (None, b[k]["owner_reason"]))')" "[]"
is "no mark without CAP_NET_ADMIN" "$(compare 'set(x["mark"] for x in b.values())')" "{None}"

# --- each reason, provoked ---
reason() { # PORT OPTIONS…
	local port=$1
	shift
	"$SOCKEYE" list --json "$@" "port:$port" | "$PYTHON" -c '
import json, sys
print(*sorted(set(json.loads(l)["owner_reason"] or "known" for l in sys.stdin)))'
}
is "no-permission" "$(as_nobody --json -tl port:8100 2>/dev/null | grep -o '"owner_reason":"[^"]*"')" \
	'"owner_reason":"no-permission"'
is "time-wait" "$(reason 8101 -t state:time-wait)" time-wait
is "orphan: closed, but bytes are left" "$(reason 8100 -t state:last-ack)" orphan
is "orphan: not yet accepted" "$(reason 8106 -t sport:8106 state:established)" orphan
is "kernel" "$("$SOCKEYE" list --json proto:netlink reason:kernel | grep -c '"owner_reason":"kernel"' | sed 's/[1-9][0-9]*/some/')" some
is "other-pid-namespace" \
	"$(unshare -p -f --kill-child --mount-proc "$SOCKEYE" list --json -tl port:8100 | grep -o '"owner_reason":"[^"]*"')" \
	'"owner_reason":"other-pid-namespace"'
# A listener that no process has open: it is on its way from one to another. Root without the right to look into
# nobody's process cannot tell, however the owners are looked for.
"$PYTHON" -c '
import array, signal, socket
s = socket.socket(); s.bind(("127.0.0.1", 8502)); s.listen()
a, b = socket.socketpair()
a.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [s.fileno()]))])
s.close(); signal.pause()' &
check "a listener on its way" wait_for 10 bash -c "[ \"\$($(printf '%q' "$SOCKEYE") list --json -tl port:8502 | grep -c '\"owners\":\[\]')\" = 1 ]"
is "no-permission: some other process may have it" \
	"$(setpriv --bounding-set=-sys_ptrace "$SOCKEYE" list --json -tl port:8502 2>"$TMPDIR/.err" |
		grep -o '"owner_reason":"[^"]*"')" '"owner_reason":"no-permission"'
like "and root is not told to be root" "$(cat "$TMPDIR/.err")" 'not even root'
# exited: told in --watch of a socket that nobody saw alive
events=$TMPDIR/events
"$SOCKEYE" list --watch=0.3 --json -t >"$events" &
watch=$!
check "it looks" wait_for 10 grep -q '"port":8100' "$events"
"$PYTHON" -c '
import socket
d = socket.socket(); d.bind(("127.0.0.1", 8501)); d.listen()
for _ in range(20):
    c = socket.socket(); c.connect(("127.0.0.1", 8501)); s = d.accept()[0]
    s.close(); c.recv(1); c.close()'
check "exited" wait_for 5 bash -c "grep '8501' '$events' | grep -q '\"owner_reason\":\"exited\"'"
kill -INT $watch
wait $watch

# --- as text ---
exits "as nobody, in text" 0 as_nobody -tl port:8100
like "the reason stands for the owner" "$out" '\(no-permission\)$'
like "the hint tells what to do" "$err" '^sockeye: .*root'
exits "without owners" 0 as_nobody --no-owners
is "there is nothing to hint at" "$err" ""
exits "only one's own" 0 as_nobody -tl port:8500
is "nothing is hidden there" "$err" ""
exits "destroying needs a capability" 3 as_nobody -K --yes port:8100
like "which is named" "$err" 'CAP_NET_ADMIN'
exits "--watch needs none" 0 timeout --preserve-status -s INT 2 "${drop[@]}" "$TMPDIR/sockeye" list --watch=0.2 -tl
like "and tells what is there" "$out" '^\+ .*127\.0\.0\.1:8100'
exit $((failures > 0))
