#!/bin/bash
# The ladder and the stream on the screen, from real traffic: t, Enter, /, w, f and h.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need tmux "$PYTHON"

cd "$TMPDIR" || exit 2
root=$OLDPWD
case $SOCKEYE in /*) ;; *) SOCKEYE=$root/$SOCKEYE ;; esac
cat >talk.sock <<'END'
server = socket inet stream
server.bind 127.0.0.1:0
server.listen
client = socket inet stream
client.connect $server.local
conn = server.accept
client.send "question\n"
conn.expect recv "question\n"
conn.send "answer\r\n"
client.expect recv "answer\r\n"
select client
END

tui_start 120x36 "$SOCKEYE" -i lo
tui_wait 'capture lo'
tui_type ':source talk.sock'
tui_keys Enter
tui_wait 'capture lo · 7 packets'
tui_keys t
check "t shows the ladder" tui_wait 'Traffic client · ladder'
tui_keys z
check "the parties stand left and right" tui_wait 'client 127\.0\.0\.1:[0-9]+ +conn 127\.0\.0\.1:[0-9]+'
check "our call with the state it led to" tui_wait 'SYN-SENT ┃ +connect\(127\.0\.0\.1:[0-9]+\)'
check "the SYN as an arrow, the other side's state beside it" tui_wait '┠─ \[S\] .*seq=0.*►│ SYN-RECEIVED'
check "the answer" tui_wait 'ESTABLISHED ┃◄ \[S\.\] seq=0 ack=1 .*┤'
check "the return of the call" tui_wait '┃ +connect = 0  [0-9.]+ µs'
check "the other side's calls" tui_wait '│ +conn\.recv\(9\) = 9 "question\\n" .*│'
check "data with its bytes" tui_wait '\[P\.\] seq=1 ack=1 .*len=9 "question\\n".*►'
is "each segment is one arrow" "$(tui_screen | grep -c 'question.n" ─')" 1

tui_type '/'
check "/ asks for a word" tui_wait ': match'
tui_type '[P.]'
tui_keys Enter
check "only what contains it" tui_wait 'matching \[P\.\] · .*2 rows'
tui_keys Enter
check "Enter opens the packet" tui_wait 'Traffic client · ladder · packet 6'
check "with its fields" tui_wait 'Transmission Control Protocol|TCP'
tui_keys Escape
tui_wait 'ladder ─'
tui_type ':match'
tui_keys Enter
tui_wait_not 'matching'
tui_keys g Enter
check "and a call" tui_wait 'ladder · call [0-9]+'
tui_keys Escape
tui_type 'w'
check "w asks for a file" tui_wait ': write client\.txt'
tui_keys Enter
check "and writes it" tui_wait 'wrote the ladder, [0-9]+ rows, to client\.txt'
check "as text" grep -q 'SYN-SENT .*connect(' client.txt
tui_type ':write l.svg'
tui_keys Enter
check "or as a drawing" tui_wait 'wrote the ladder.*l\.svg'
check "of XML" "$PYTHON" -c 'import xml.dom.minidom as m; m.parse("l.svg")'

tui_keys f
check "f follows the stream" tui_wait '→  question +0\.000000'
check "both ways" tui_wait '←  answer'
check "with totals" tui_wait '9 out, 8 in'
tui_keys h
check "h: hex" tui_wait '←  0000  61 6e 73 77 65 72 0d 0a +answer'
tui_keys h
check "h: C strings" tui_wait '←  "answer\\r\\n"'
tui_type ':send "live\n"'
tui_keys Enter
check "it follows what comes" tui_wait '→  "live\\n"'
tui_type 'w'
tui_wait ': write client\.bin'
tui_keys Enter
check "w saves the bytes" tui_wait 'wrote 22 bytes to client\.bin'
check "as they were" cmp client.bin <(printf 'question\nanswer\r\nlive\n')
tui_type ':send "GET /x HTTP/1.1\r\n\r\n"'
tui_keys Enter
check "what a program reads is a line of its own" tui_wait '→  \[HTTP GET /x HTTP/1\.1\]'
tui_keys t
check "t goes on to the packets" tui_wait 'Traffic client ─'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0

"$PYTHON" -m http.server --directory "$TMPDIR" 8090 >/dev/null 2>&1 &
wait_for 10 listening 8090
tui_start 120x36 "$SOCKEYE" -i lo
tui_wait 'capture lo'
printf '%s\n' 'caller = socket inet stream' 'caller.connect 127.0.0.1:8090' 'view ladder' >call.sock
tui_type ':source call.sock'
tui_keys Enter
tui_wait 'caller 127\.0\.0\.1:[0-9]+ .*:8090'
tui_keys 2
tui_type ':filter listen sport = :8090'
tui_keys Enter
check "another program's listener has a ladder, our caller a lane on it" tui_wait 'python3? .*:8090 .*caller '
check "what the caller did there" tui_wait 'connect\(127\.0\.0\.1:8090\)'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0

tui_start 80x24 env NO_COLOR=1 "$SOCKEYE" --ascii --no-capture
tui_type ':a = socket unix stream'
tui_keys Enter
tui_wait 'a +unix'
tui_type ':connect $echo.unix'
tui_keys Enter
tui_wait 'CONNECTED'
tui_type ':send "hi"'
tui_keys Enter
tui_type ':recv'
tui_keys Enter t z
check "a UNIX socket's data as arrows, in ASCII" tui_wait '[|#]- len=2 "hi" -+>[|#]'
check "and back" tui_wait '[|#]< len=2 "hi" -+[|#]'
is "nothing but ASCII" "$(tui_screen | LC_ALL=C grep -c '[^ -~]')" 0
tui_keys q
is "q ends it" "$(tui_gone 5)" 0
tui_start 120x36 "$SOCKEYE" -i lo
tui_wait 'capture lo'
for line in 'u = socket inet dgram' 'u.connect 127.0.0.1:9' 'u.send "anybody?"'; do
	tui_type ":$line"
	tui_keys Enter
done
check "an ICMP error comes in" tui_wait '← +ICMP destination unreachable \(port unreachable\)'
tui_keys E
check "and tells why" tui_wait 'answered with ICMP port unreachable'
tui_keys Escape t
check "on the ladder it is an arrow" tui_wait '◄ ICMP port unreachable ─'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0
exit $((failures > 0))
