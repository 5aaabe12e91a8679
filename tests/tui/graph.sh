#!/bin/bash
# The kernel's figures over time, beside what the packets show, and as graphs: own and other programs' sockets.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need tmux "$PYTHON"

cd "$TMPDIR" || exit 2
root=$OLDPWD
case $SOCKEYE in /*) ;; *) SOCKEYE=$root/$SOCKEYE ;; esac
cat >talk.sock <<'END'
client = socket inet stream
client.connect $echo.tcp
client.send zero:200000
client.recv 200000
END

tui_start 120x36 "$SOCKEYE" -i lo
tui_wait 'capture lo'
tui_type ':source talk.sock'
tui_keys Enter
tui_wait 'recv\(.*\) = [0-9]+'
check "curves with their last value, least and greatest" tui_wait 'rtt +[ ▁▂▃▄▅▆▇█]+ [0-9.]+(µs|ms)' 10
tui_keys v v v
check "v turns to kernel | wire" tui_wait 'Inspector client .* kernel \| wire'
check "both count the same bytes" tui_wait 'bytes sent +200000 +200000 +='
check "and both ways" tui_wait 'received +200000 +200000 +='
check "what was agreed on" tui_wait 'timestamps +(yes +yes|no +no) +='
check "the SYN that the kernel counts" tui_wait 'acked +200001 +200000 +≈ [0-9]'
tui_keys z
check "with the sentence" tui_wait 'The kernel counts a SYN and'

tui_keys z V
check "V: a graph on the whole screen" tui_wait 'Inspector client .* sequence \(j k\) · .* \(\+ -\) · packets'
check "with a legend" tui_wait 'sent 195K'
check "and the axes" tui_wait '^ +192K┤'
check "a curve in braille" grep -q '⡇\|⡏\|⢸\|⣀' <<<"$(tui_screen)"
tui_keys j
check "j: the next one" tui_wait 'throughput \(j k\)'
check "in bytes a second" tui_wait 'out [0-9.]+[KMG]?/s'
tui_type ':graph rtt'
tui_keys Enter
check "by its name, packets and kernel together" tui_wait 'rtt \(j k\) .* packets, kernel'
check "the kernel's beside the wire's" tui_wait "kernel's rtt [0-9.]+.*our data to its ack [0-9.]+"
tui_keys Home Right
check "the cursor tells its moment" tui_wait '^ +[0-9.]+ (µs|s) .*│?'
tui_keys +
check "+ sees less time" tui_wait 'rtt \(j k\) · ([0-9.]+) (s|ms|µs) of [0-9.]+ s'
tui_keys Escape
check "Esc follows the newest again" tui_wait 'rtt \(j k\) · ([0-9.]+ s) of \1'
tui_keys Escape
check "and goes back" tui_wait 'Sockets'
tui_keys q
is "ends well" "$(tui_gone 5)" 0

# A connection of another program that was there before the capture.
cat >pair.py <<'END'
import socket, time, threading
l = socket.create_server(("127.0.0.1", 8125))
c = socket.create_connection(("127.0.0.1", 8125))
s, _ = l.accept()
c.sendall(b"x" * 5000)
s.recv(5000, socket.MSG_WAITALL)
open("ready", "w").close()
while True:
    c.sendall(b"y" * 100)
    s.recv(100, socket.MSG_WAITALL)
    time.sleep(0.2)
END
"$PYTHON" pair.py &
wait_for 10 test -e ready
tui_start 120x36 "$SOCKEYE" -i lo --scope host --filter 'dport:8125' --ascii
tui_wait 'ESTABLISHED +127'
tui_keys g
tui_wait '[0-9] packets'
check "its curves, by an exact look-up" tui_wait 'out +[ _.=+*%#-]+ [0-9]+/s' 10
tui_keys v v
check "what was before the capture differs" tui_wait 'bytes sent +[0-9]+ +[0-9]+ +! [0-9]'
check "and why" tui_wait 'The capture began when'
tui_type ':graph cwnd'
tui_keys Enter
check "a graph from the kernel's samples alone" tui_wait 'cwnd \(j k\) .* kernel'
tui_keys k k k k
check "and one from the packets" tui_wait 'sequence \(j k\) .* packets'
is "ASCII is ASCII" "$(tui_screen | LC_ALL=C grep -c '[^ -~]')" 0
tui_keys q
is "ends well there, too" "$(tui_gone 5)" 0

# The same from a file: only the packets are known.
"$SOCKEYE" dump -q -c 20 -i lo -w pair.pcap tcp port 8125 >/dev/null 2>&1
tui_start 120x36 "$SOCKEYE" -r pair.pcap
tui_wait '1 flow'
tui_keys G v v
check "a file's flow has packets alone" tui_wait 'Only the packets are known'
check "and their figures" tui_wait 'bytes sent +- +[0-9]+'
tui_keys V
check "and graphs" tui_wait 'sequence \(j k\) · .* · packets'
tui_keys q
is "ends well with a file" "$(tui_gone 5)" 0
tui_end
