#!/bin/bash
# sockeye list in and across namespaces: --netns by name, by process and all; ends in two of them; owners seen from
# outside and from inside a process namespace.
source "$(dirname "$0")/../harness/lib.sh"
need "$PYTHON" ip unshare nsenter

ask() { # EXPRESSION OPTIONS…: over `s`, the list of sockets
	local expression=$1
	shift
	"$SOCKEYE" list --json "$@" 2>"$TMPDIR/ask.err" | "$PYTHON" -c '
import json, sys
s = [json.loads(l) for l in sys.stdin]
def at(port, end="local"): return [x for x in s if x[end] and x[end].get("port") == port]
def pids(x, key="owners"): return [o["pid"] for o in x[key]]
print(eval(sys.argv[1]))' "$expression"
}

cat >"$TMPDIR/peer.py" <<'P'
# peer.py listen HOST PORT | connect HOST PORT FROM_PORT | both HOST PORT FROM_PORT: prints its own number, and stays
import os, signal, socket, sys
what, host, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
keep = []
if what in ("listen", "both"):
    d = socket.socket(); d.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    d.bind((host, port)); d.listen(); keep.append(d)
if what in ("connect", "both"):
    c = socket.socket(); c.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    c.bind(("", int(sys.argv[4]))); c.connect((host, port)); keep.append(c)
if what == "both":
    keep.append(d.accept()[0])
elif what == "listen":
    d.settimeout(0.1)
print("ready", os.getpid(), flush=True)
while what == "listen":
    try: keep.append(d.accept()[0])
    except TimeoutError: pass
signal.pause()
P
# peer LOG PREFIX… -- ARGUMENTS…: started behind the prefix (ip netns exec NAME); waits until it is ready
peer() {
	local log=$TMPDIR/$1 prefix=()
	shift
	while [ "$1" != -- ]; do prefix+=("$1"); shift; done
	shift
	"${prefix[@]}" "$PYTHON" "$TMPDIR/peer.py" "$@" >"$log" 2>"$log.err" &
	wait_for 10 grep -q ready "$log" || note "$(cat "$log.err")"
}
number() { awk '{ print $2 }' "$TMPDIR/$1"; } # its process, as it sees itself

if ! ip netns add left 2>/dev/null || ! ip netns add right; then
	skip "named namespaces" "ip netns add does not work here"
	exit
fi
ip link add here netns left type veth peer name there netns right
for end in left:here:1 right:there:2; do
	IFS=: read -r space device host <<<"$end"
	ip -n "$space" link set lo up
	ip -n "$space" address add "10.9.0.$host/24" dev "$device"
	ip -n "$space" link set "$device" up
done

# The same four-tuple in both: 127.0.0.1:8401 to 127.0.0.1:8400.
peer left ip netns exec left -- both 127.0.0.1 8400 8401
peer right ip netns exec right -- both 127.0.0.1 8400 8401
# And from one to the other.
peer far ip netns exec right -- listen 10.9.0.2 8402
peer near ip netns exec left -- connect 10.9.0.2 8402 8403
peer home -- both 127.0.0.1 8404 8405
inode() { stat -L -c %i "$1"; }

# --- by name, by process ---
is "ours has none of theirs" "$(ask 'sorted(set(x["local"]["port"] for x in s))' -t)" "[8404, 8405]"
is "by name" "$(ask 'sorted(set(x["local"]["port"] for x in s))' -t --netns left)" "[8400, 8401, 8403]"
is "with their owners" "$(ask 'set(p for x in s for p in pids(x)) ' -t --netns left 'port:8400')" "{$(number left)}"
is "in their namespace" "$(ask 'set(x["netns"] for x in s)' -t --netns left)" "{$(inode /run/netns/left)}"
is "by process" "$(ask 'sorted(set(x["local"]["port"] for x in s))' -t --netns "$(number far)")" "[8400, 8401, 8402]"
is "the column has its name" "$("$SOCKEYE" list -Htl --netns left --columns netns,local | tr -s ' ')" "left 127.0.0.1:8400"
exits "a name that is none" 1 "$SOCKEYE" list --netns middle
like "is said" "$err" 'middle'

# --- all ---
is "all of them" "$(ask 'sorted(set(x["local"]["port"] for x in s))' -t --netns all)" \
	"[8400, 8401, 8402, 8403, 8404, 8405]"
is "none twice" "$(ask 'len(s) - len(set((x["netns"], x["cookie"]) for x in s))' -t --netns all)" 0
is "three namespaces" "$(ask 'len(set(x["netns"] for x in s))' -t --netns all)" 3
is "a filter by name" "$(ask 'sorted(set(x["local"]["port"] for x in s))' -t --netns all netns:right)" \
	"[8400, 8401, 8402]"
# Who is at the other end: in the same namespace where it is the loopback, in the other where it is not.
is "loopbacks do not mix" "$(ask 'all(pids(x) == pids(x, "peer_owners") for x in s if x["remote"] and x["local"]["port"] in (8400, 8401, 8404, 8405))' -t --netns all)" True
is "both ends of a link" \
	"$(ask 'pids(at(8403)[0]) + pids(at(8403)[0], "peer_owners") + pids(at(8403, "remote")[0], "peer_owners")' -t --netns all)" \
	"[$(number near), $(number far), $(number near)]"
exits "in text" 0 "$SOCKEYE" list -t --netns all
like "with a column for it" "$(head -n 1 <<<"$out")" 'NetNS'
like "that says which" "$out" 'right .*10\.9\.0\.2:8402|10\.9\.0\.2:8402.* right'

# --- process namespaces ---
# A container: its own network and processes. It calls itself by another number than we do.
unshare -n -p -f --kill-child --mount-proc sh -c 'ip link set lo up; exec "$0" "$@"' \
	"$PYTHON" "$TMPDIR/peer.py" listen 127.0.0.1 8410 >"$TMPDIR/box" 2>"$TMPDIR/box.err" &
box=$!
check "a container" wait_for 10 grep -q ready "$TMPDIR/box"
inner=$(number box)
outer=$(pgrep -P $box)
isnt() { [ "$1" != "$2" ]; }
check "has numbers of its own" isnt "$inner" "$outer"
is "from outside, by process" "$(ask 'pids(at(8410)[0])' -t --netns "$outer")" "[$outer]"
is "and among all" "$(ask 'pids(at(8410)[0])' -t --netns all)" "[$outer]"
is "from inside, by its own number" \
	"$(nsenter -t "$outer" -n -p -m "$SOCKEYE" list -Htl --columns pid port:8410 | tr -d ' ')" "$inner"

# Processes apart, network shared: what is outside cannot be named from inside, and that is said.
inside() { unshare -p -f --kill-child --mount-proc "$SOCKEYE" list "$@"; }
exits "from a process namespace" 0 inside --json -tl port:8404
like "the owner is in another" "$out" '"owners":\[\],"owner_reason":"other-pid-namespace"'
check "it fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/list.json <<<"$out"
exits "in text" 0 inside -tl port:8404
like "it stands for the owner" "$out" '\(other-pid-namespace\)$'
is "no hint to be root" "$err" ""
exits "of our own, nothing is hidden" 0 "$SOCKEYE" list --json -tl port:8404
like "the owner is told" "$out" '"owner_reason":null'

# --- who may not enter ---
if (need_root) >/dev/null 2>&1 && ! grep -q '^ *0 .* 1$' /proc/self/uid_map; then
	cp "$SOCKEYE" "$TMPDIR/sockeye"
	chmod 755 "$TMPDIR" "$TMPDIR/sockeye"
	as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$TMPDIR/sockeye" list "$@"; }
	exits "another namespace as nobody" 3 as_nobody -t --netns left
	like "the capability is named" "$err" 'CAP_SYS_ADMIN'
	exits "all, as nobody: what can be had" 0 as_nobody -tl --netns all
	like "our own is there" "$out" '127\.0\.0\.1:8404'
	like "what is missing is said" "$err" 'left|right|CAP_SYS_ADMIN|entering'
else
	skip "as nobody" "needs root"
fi
exit $((failures > 0))
