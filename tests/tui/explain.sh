#!/bin/bash
# E explains what is selected, and the state diagram shows the way that a real socket went.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need tmux "$PYTHON"

cd "$TMPDIR" || exit 2
root=$OLDPWD
case $SOCKEYE in /*) ;; *) SOCKEYE=$root/$SOCKEYE ;; esac
cat >talk.sock <<'END_OF_SCRIPT'
server = socket inet stream
server.bind 127.0.0.1:0
server.listen
client = socket inet stream
client.connect $server.local
conn = server.accept
conn.send "unread"
conn.close
select client
END_OF_SCRIPT

tui_start 120x36 "$SOCKEYE" -i lo
tui_wait 'capture lo'
tui_type ':source talk.sock'
tui_keys Enter
tui_wait 'client +tcp +CLOSE-WAIT'
tui_type E
check "E names the socket and its state" tui_wait '── client, tcp CLOSE-WAIT ─'
check "what the state means, with its source" tui_wait 'it should call close\. It ends with close alone'
check "why it is so" tui_wait 'has not called close yet: it stays so until it does. 6 bytes'
tui_keys Up
check "it follows the selection" tui_wait '── server, tcp LISTEN ─'
tui_keys Down
tui_wait '── client, tcp CLOSE-WAIT ─'
tui_keys Tab g
check "a packet is explained by its flags" tui_wait 'SYN: begins the numbering'
tui_keys Escape
check "Esc closes it" tui_wait_not '── packet 1, tcp'
tui_type v
check "the diagram has the way" tui_wait '\[CLOSE-WAIT\]'
check "and what caused the last edge" tui_wait '\[F?P?\.\] in|\[F\.\] in'
check "as a list, too" tui_wait 'ESTABLISHED +\[S\.\] in'
names=0
for name in CLOSED LISTEN SYN-SENT SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT; do
	tui_matches "$name" && names=$((names + 1))
done
is "all eleven states are seen at 120x36" $names 11
tui_type ':client.close'
tui_keys Enter
tui_wait 'client +tcp +CLOSED'
tui_type E
check "a reset is told, with who sent it" tui_wait 'This side ended the connection with a reset'
check "and why" tui_wait 'bytes (that were not read|unread)'
tui_keys Escape
tui_type ':explain econnrefused'
tui_keys Enter
check "a word is explained" tui_wait '── ECONNREFUSED, an errno ─'
tui_keys Escape
tui_type ':explain nonsense'
tui_keys Enter
check "an unknown one is refused" tui_wait 'nothing is known of "nonsense"'
tui_keys Escape C-c
is "ends well" "$(tui_gone 5)" 0

# Another program's socket: its way is what its packets prove.
cat >forgets.py <<'END_OF_PROGRAM'
import os, socket, time
while not os.path.exists("go"):
    time.sleep(.05)
s = socket.socket()
s.bind(("127.0.0.1", 8090))
s.listen()
c = socket.create_connection(("127.0.0.1", 8090))
b, _ = s.accept()
b.close()
time.sleep(60)
END_OF_PROGRAM
"$PYTHON" forgets.py &
program=$!
tui_start 120x36 "$SOCKEYE" -i lo
tui_wait 'capture lo'
touch go
tui_wait 'capture lo · [5-9] packets' 10
tui_type 2
tui_type '/dport = :8090'
tui_keys Enter
tui_wait 'tcp +CLOSE-WAIT' 10
tui_type jv
check "the way of a socket that is not ours" tui_wait '\[CLOSE-WAIT\]'
check "from its packets" tui_wait 'SYN-SENT +\[S\] out'
tui_type E
check "who does not close is named" tui_wait '\(pid [0-9]+\) has not called close yet'
tui_keys Escape q
is "ends well, too" "$(tui_gone 5)" 0
kill $program

out=$("$SOCKEYE" help close-wait)
like "help knows states" "$out" '^CLOSE-WAIT, a state'
like "with their source" "$out" 'RFC 9293 3\.6'

like "errnos" "$("$SOCKEYE" help EADDRINUSE)" 'TIME-WAIT.*bind\(2\)'
like "options" "$("$SOCKEYE" help TCP_NODELAY)" 'Nagle.*tcp\(7\)'
exits "and says what it does not know" 2 "$SOCKEYE" help nonsense
exit $((failures > 0))
