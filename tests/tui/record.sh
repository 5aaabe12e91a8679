#!/bin/bash
# -w keeps packets, sockets and calls; -r brings them back: the same ladder, the same calls, owners at both ends, and
# nothing that could be changed. Other programs pass over what they do not know.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need tmux "$PYTHON" tcpdump script

"$PYTHON" -m http.server --directory "$TMPDIR" 8080 >/dev/null 2>&1 &
server=$!
check "a server listens" wait_for 10 listening 8080
tui_start 120x36 "$SOCKEYE" -i lo -w "$TMPDIR/sitting.pcapng"
check "the status line says that it is written" tui_wait 'writing sitting\.pcapng'
for step in 'tcp1 +tcp +CLOSED' 'tcp1 +tcp +ESTABLISHED' 'send\(' 'recv\(.* = 6' 'shutdown\(' 'close\('; do
	tui_keys Space
	tui_wait "$step"
done
check "a connection" tui_wait 'tcp1 +tcp +TIME-WAIT'
tui_type ":view ladder"
tui_keys Enter
tui_wait 'ladder'
tui_type ":write $TMPDIR/live.txt"
tui_keys Enter
check "its ladder is written" tui_wait 'wrote the ladder'
"$PYTHON" - "$TMPDIR/go" <<'P' &
import os, socket, sys, time
s = socket.create_connection(("127.0.0.1", 8080))
s.sendall(b"GET / HTTP/1.0\r\n")
while not os.path.exists(sys.argv[1]):
    time.sleep(0.05)
P
client=$!
tui_keys 2
check "the host's sockets" tui_wait "python3? +$server .*8080"
check "a client among them" tui_wait "python3? +$client .*ESTAB"
tui_keys q
is "q ends it" "$(tui_gone 5)" 0
touch "$TMPDIR/go"

check "tcpdump reads it" tcpdump -nr "$TMPDIR/sitting.pcapng"
if command -v capinfos >/dev/null; then
	want=$(tcpdump -nr "$TMPDIR/sitting.pcapng" 2>/dev/null | wc -l)
	like "capinfos counts packets only" "$(capinfos -cM "$TMPDIR/sitting.pcapng" 2>&1)" "Number of packets: *$want"
	check "tshark reads it" tshark -r "$TMPDIR/sitting.pcapng" -Y tcp
else
	echo "skip capinfos and tshark it is not installed"
fi

tui_start 120x36 "$SOCKEYE" -r "$TMPDIR/sitting.pcapng"
check "it is a recording" tui_wait 'RECORDING'
check "whose flows have owners" tui_wait "python3? +tcp +ESTABLISHED +127\.0\.0\.1:[0-9]+ +127\.0\.0\.1:8080"
check "our own socket among them" tui_wait 'tcp1 +tcp +'
tui_keys 1
check "our own sockets" tui_wait 'tcp1 +tcp +TIME-WAIT'
check "their calls" tui_wait 'close\([0-9]+\) = 0'
tui_keys t
check "the ladder, calls and all" tui_wait 'connect\(127\.0\.0\.1:[0-9]+\)'
tui_type ":write $TMPDIR/again.txt"
tui_keys Enter
check "is written again" tui_wait 'wrote the ladder'
is "as it was" "$(cat "$TMPDIR/again.txt")" "$(cat "$TMPDIR/live.txt")"
tui_keys 2
check "the host's sockets, with their processes" tui_wait "python3? +$server .*LISTEN.*8080"
tui_type ":filter pid:$client"
tui_keys Enter
check "the client's" tui_wait "python3? +$client +tcp +ESTABLISHED"
tui_keys Escape g
check "and who is at its other end" tui_wait "peer .*python3?, pid $server"
tui_keys 1 g s
check "nothing is sent" tui_wait 'a recording is open: it can be read'
tui_keys n
check "nothing is made" tui_wait 'a recording is open: it can be read'
tui_keys Space
check "no step is taken" tui_wait 'a recording is open: it can be read'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0
tui_end

exits "nothing alive beside a file" 2 script -qec "$SOCKEYE --demo -r $TMPDIR/sitting.pcapng" /dev/null
exits "run -w records a script" 0 "$SOCKEYE" run -w "$TMPDIR/run.pcapng" assets/scripts/unix_stream.sock
tui_start 120x36 "$SOCKEYE" -r "$TMPDIR/run.pcapng"
check "sockets without a packet" tui_wait 'our own +[1-9][0-9]* socket'
tui_keys 1
check "are there" tui_wait 'unix +'
tui_keys q
tui_end
kill "$server" 2>/dev/null
exit $((failures > 0))
