#!/bin/bash
# sockeye list: real servers, who has which socket at both ends, output forms, options, exit codes.
source "$(dirname "$0")/../harness/lib.sh"
need "$PYTHON" ss

list() { "$SOCKEYE" list "$@"; }
objects() { "$PYTHON" tests/integration/validate.py assets/schema/list.json; }
# ask EXPRESSION [OPTIONS…]: a python expression over `s`, the list of sockets; prints its value
ask() {
	local expression=$1
	shift
	list --json "$@" 2>/dev/null | "$PYTHON" -c '
import json, sys
s = [json.loads(l) for l in sys.stdin]
def port(n, end="local"): return [x for x in s if x[end] and x[end].get("port") == n]
print(eval(sys.argv[1]))' "$expression"
}

# A server with a client connected to it, over TCP, TCP of IPv6, UDP and UNIX; it waits until its input ends.
cat >"$TMPDIR/peers.py" <<'P'
import os, socket, sys
keep = []
for family, host, port in ((socket.AF_INET, "127.0.0.1", 7001), (socket.AF_INET6, "::1", 7002)):
    s = socket.socket(family); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((host, port)); s.listen(7)
    c = socket.socket(family); c.connect((host, port))
    keep += [s, c, s.accept()[0]]
keep[1].send(b"abc")
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(("127.0.0.1", 7003))
v = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); v.connect(("127.0.0.1", 7003))
path = os.environ["TMPDIR"] + "/x.sock"
x = socket.socket(socket.AF_UNIX); x.bind(path); x.listen()
y = socket.socket(socket.AF_UNIX); y.connect(path)
a = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); a.bind("\0abstract\x1b[31m")
keep += [u, v, x, y, a, x.accept()[0]]
open(os.environ["TMPDIR"] + "/ready", "w").write(str(os.getpid()))
sys.stdin.read()
P
mkfifo "$TMPDIR/hold"
"$PYTHON" "$TMPDIR/peers.py" <"$TMPDIR/hold" &
exec 9>"$TMPDIR/hold"
check "the peers are there" wait_for 10 test -s "$TMPDIR/ready"
peers=$(cat "$TMPDIR/ready")

# --- text ---
exits "a plain list" 0 list
like "a heading" "$out" '^Proto +State +Recv-Q +Send-Q +Local +Remote +Owner$'
like "a listener with its owner" "$out" "^tcp +LISTEN +0 +7 +127\.0\.0\.1:7001 +- +python[0-9.]*/$peers:[0-9]+$"
like "a connection with bytes in its queue" "$out" "^tcp +ESTABLISHED +3 +0 +127\.0\.0\.1:7001 +127"
unlike "no escape bytes" "$out" $'\x1b'
like "an abstract name, made harmless" "$out" '@abstract\\x1b\[31m'
is "aligned: every state begins at the same place" \
	"$(awk '{ print index($0, $2) }' <<<"$out" | sort -u | wc -l)" 1
exits "-H" 0 list -H
unlike "no heading" "$out" '^Proto'
exits "-t" 0 list -Ht
unlike "only TCP" "$out" '^(udp|unix)'
exits "-t -u add up" 0 list -H -t -u
like "TCP" "$out" '^tcp'
like "UDP" "$out" '^udp'
unlike "no UNIX" "$out" '^unix'
is "-6" "$(list -H6 | awk '{ print $5 }' | grep -v '^\[' | wc -l)" 0
is "-4 has IPv4 only" "$(list -H4 | grep -c '\[')" 0
is "-l" "$(list -Htl | awk '{ print $2 }' | sort -u)" LISTEN
exits "-tanp, as people type it" 0 list -tanp
exits "-i" 0 list -t -i port:7001
like "the kernel's values" "$out" '^ +congestion [a-z0-9]+, (control [^,]*, )?rtt [0-9.]+ [µm]s, .*cwnd [0-9]+'
exits "columns of choice" 0 list -H --columns proto,pid,local -tl port:7001
is "in that order" "$(tr -s ' ' <<<"$out")" "tcp $peers 127.0.0.1:7001"
exits "sorted" 0 list -H --columns local --sort -local -tl "port:7001,7002"
is "the other way round" "$(head -n 1 <<<"$out" | tr -d ' ')" "[::1]:7002"
exits "-m" 0 list -Ht -m port:7001
like "buffers of TCP" "$out" ' +0 +[0-9.]+[KM]? +0 +[0-9.]+[KM]? +0$'
exits "columns that the kernel tells when asked" 0 list -H --columns rcvbuf,tos -tl port:7001
like "are there" "$(tr -s ' ' <<<"$out")" '^ ?[0-9.]+[KM]? 0x[0-9a-f]+$'
exits "-v shows more" 0 list -v
like "more headings" "$out" 'User +Inode'
exits "a summary" 0 list -s
like "has totals" "$out" '^tcp +[0-9]+ +LISTEN [0-9]+'
exits "-r resolves" 0 list -Htl -r port:7001

# --- JSON ---
check "every object fits the schema" objects < <(list --json)
check "the summary too" objects < <(list --json -s)
is "who listens" "$(ask 'port(7001)[0]["owners"][0]["pid"]' -tl)" "$peers"
is "both ends of a connection" "$(ask '[x["peer_owners"][0]["pid"] for x in port(7001, "remote")]' -t)" "[$peers]"
is "and of one of IPv6" "$(ask '[x["peer_owners"][0]["pid"] for x in port(7002, "remote")]' -t)" "[$peers]"
is "a UNIX socket's path and peer" \
	"$(ask '[x["peer_inode"] in [y["inode"] for y in s] for x in s if x["local"] and x["local"]["path"].endswith("x.sock") and x["state"] == "CONNECTED"]' -x)" "[True]"
is "the owner of a UNIX peer" \
	"$(ask '[x["peer_owners"][0]["pid"] for x in s if x["local"] and x["local"]["path"].endswith("x.sock") and x["state"] == "CONNECTED"]' -x)" "[$peers]"
is "no peer, no remote" "$(ask 'port(7001)[0]["remote"]' -tl)" None
is "states by their RFC names" "$(ask 'sorted(set(x["state"] for x in port(7001)))' -t)" "['ESTABLISHED', 'LISTEN']"
is "a UDP socket without a peer" "$(ask 'port(7003)[0]["state"]' -u)" UNCONNECTED
is "one with a peer" "$(ask 'port(7003, "remote")[0]["state"]' -u)" CONNECTED
is "bytes that wait" "$(ask '[x["recv_q"] for x in port(7001) if x["recv_q"]]' -t)" "[3]"
is "what was received" "$(ask '[x["tcp"]["bytes_received"] for x in port(7001) if x["recv_q"]]' -t)" "[3]"
is "a missing owner has its reason" "$(ask 'any(not x["owners"] and not x["owner_reason"] for x in s)')" False
is "our own plumbing is not listed" "$(ask 'any(o["process"].startswith("sockeye") for x in s for o in x["owners"])')" False

# --- CSV, metrics ---
exits "CSV" 0 list --csv
check "is well-formed" "$PYTHON" -c '
import csv, sys
rows = list(csv.reader(open(sys.argv[1], newline="")))
assert len({len(r) for r in rows}) == 1, "rows differ in length"
at = {n: i for i, n in enumerate(rows[0])}
assert any(r[at["local"]] == "127.0.0.1:7001" and r[at["pid"]] == sys.argv[2] for r in rows[1:])
' "$TMPDIR/.out" "$peers"
exits "metrics" 0 list --metrics
like "a sample" "$out" '^sockeye_sockets\{proto="tcp",state="LISTEN"\} [0-9]+$'
unlike "nothing but comments and samples" "$out" '^[^#s]'
is "no sample twice" "$(grep -v '^#' <<<"$out" | sed 's/ [^ ]*$//' | sort | uniq -d)" ""

# --- filters ---
matches() { is "filter: $*" "$(list -H --columns local -t "$@" | tr -d ' ' | sort | tr '\n' ' ')" "$wanted"; }
wanted="127.0.0.1:7001 " matches state:listen port:7001
wanted="127.0.0.1:7001 " matches state listening src 127.0.0.1:7001
wanted="127.0.0.1:7001 [::1]:7002 " matches 'state:listen' and '(' sport = :7001 or sport = :7002 ')'
wanted="[::1]:7002 " matches '!127.0.0.1' state:listen port:7000-7100
wanted="127.0.0.1:7001 [::1]:7002 " matches "pid:$peers" 'exclude established'
wanted="" matches pid:1 port:7001
is "filter: the name of a UNIX socket" "$(list -H --columns state -xl 'name:x.sock' | tr -d ' ')" LISTEN
exits "--fail-empty" 1 list --fail-empty port:7099
exits "and something matches" 0 list --fail-empty port:7001
exits "nothing matches" 0 list port:7099

# --- mistakes ---
exits "a bad filter" 2 list 'port:x'
like "tells the column" "$err" '^sockeye: filter, column 6: port takes a port, not "x"$'
exits "a bad state" 2 list tcp state:listne
like "guesses" "$err" 'column 11: .*did you mean LISTEN\?'
exits "a bad column" 2 list --columns proto,stat
like "guesses too" "$err" 'did you mean state'
exits "an unknown option" 2 list --nonsense
exits "--json --csv" 2 list --json --csv
exits "a bad interval" 2 list --watch=never
exits "no such namespace" 1 list --netns nowhere-at-all
exits "--help" 0 list --help
like "names the options" "$out" '--watch\[=SECONDS\]'

# --- the same sets as ss ---
ss_tcp() { ss -Htan | awk '{ print $4, $5 }' | sed 's/0\.0\.0\.0:\*/-/; s/\[::\]:\*/-/' | sort; }
our_tcp() { list -Ht --columns local,remote | awk '{ print $1, $2 }' | sort; }
ss_inodes() { ss -Hxae | awk '{ print $6; }' | sort; }
our_inodes() { list -Hx --columns inode | tr -d ' ' | sort; }
same() { # NAME COMMAND COMMAND: tried again, for sockets come and go meanwhile
	wait_for 3 bash -c "$(declare -f list ss_tcp our_tcp ss_inodes our_inodes); [ \"\$($2)\" = \"\$($3)\" ]"
	is "$1" "$($3)" "$($2)"
}
same "TCP as ss has it" ss_tcp our_tcp
same "UNIX as ss has it" ss_inodes our_inodes

exec 9>&-
wait
exit $((failures > 0))
