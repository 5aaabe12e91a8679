#!/bin/bash
# A whole TCP life by keys, as a newcomer would walk it: new, connect, send, receive, close.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need tmux

tui_start 120x36 "$SOCKEYE"
check "it opens" tui_wait 'sockeye · scope mine'
tui_keys e
check "e starts the echo peers" tui_wait 'echo peers run'
tui_keys n
check "n opens the prompt with a default" tui_wait 'socket inet stream'
tui_keys Enter
check "a new socket is CLOSED" tui_wait 'tcp1 +tcp +CLOSED'
tui_keys c
check "c fills in the echo peer" tui_wait 'connect \$echo\.tcp'
tui_keys Enter
check "connected" tui_wait 'tcp1 +tcp +ESTABLISHED'
check "the call with its result" tui_wait 'connect\([0-9]+, 127\.0\.0\.1:[0-9]+\) = 0 .*CLOSED → ESTAB'
check "the handshake: SYN" tui_wait '→ .*\[S\]'
check "the handshake: SYN,ACK" tui_wait '← .*\[S\.\]'
check "the handshake: ACK" tui_wait '→ .*\[\.\]'
tui_keys s
check "s fills in hello" tui_wait 'send "hello\\n"'
tui_keys Enter
check "sent" tui_wait 'send\([0-9]+, "hello\\n", 6\) = 6'
tui_keys r Enter
check "echoed" tui_wait 'recv\([0-9]+, [0-9]+\) = 6 "hello\\n"'
check "the data's packets" tui_wait '\[P\.\].*len=6'
tui_keys x Enter
check "closed" tui_wait 'close\([0-9]+\) = 0'
check "who closes first ends in TIME-WAIT" tui_wait 'tcp1 +tcp +TIME-WAIT'
check "the FINs" tui_wait '\[F\.\]'
check "states that passed between two looks are in the history" tui_wait 'SYN-SENT'
check "FIN-WAIT-1 too" tui_wait 'FIN-WAIT-1'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0

tui_start 80x24 "$SOCKEYE"
check "it opens at 80x24" tui_wait 'sockeye'
check "all of the status fits" tui_wait 'mine · 0 sockets · any · 0 packets · 0 drops · raw off · root'
tui_keys Space
check "Space makes a socket" tui_wait 'tcp1 +tcp +CLOSED'
tui_keys Space
check "Space connects" tui_wait 'tcp1 +tcp +ESTABLISHED'
tui_keys Space
check "Space sends" tui_wait 'send\('
tui_keys Space
check "Space receives" tui_wait 'recv\(.* = 6'
tui_keys Space
check "Space shuts down" tui_wait 'shutdown\('
tui_keys Space
check "Space closes" tui_wait 'close\('
check "and it ends in TIME-WAIT" tui_wait 'tcp1 +tcp +TIME-WAIT'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0
tui_end
exit $((failures > 0))
