#!/bin/bash
# The sockets of other network namespaces on the screen: --netns, set netns, and the column that tells them apart.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need tmux ip "$PYTHON"
need_root

ip netns add blue || { skip "namespaces" "none can be made"; exit 0; }
ip netns exec blue ip link set lo up
"$PYTHON" -m http.server 8441 --bind 127.0.0.1 >/dev/null 2>&1 &
ip netns exec blue "$PYTHON" -m http.server 8442 --bind 127.0.0.1 >/dev/null 2>&1 &
check "a server here" wait_for 10 listening 8441
there() { ip netns exec blue ss -tlnH | grep -q :8442; }
check "and one there" wait_for 10 there

tui_start 120x36 "$SOCKEYE" --scope host
check "its own namespace" tui_wait 'LISTEN +127\.0\.0\.1:8441'
check "and no other" tui_wait_not '127\.0\.0\.1:8442'
check "which needs no column" tui_wait_not 'NETNS'
tui_type ":set netns all"
tui_keys Enter
check "all: those of the other" tui_wait 'LISTEN +127\.0\.0\.1:8442'
check "with those here" tui_wait 'LISTEN +127\.0\.0\.1:8441'
check "a column tells them apart, by name" tui_wait 'python3.* blue .*127\.0\.0\.1:8442'
check "the status line says so" tui_wait 'netns all'
check "what was there before is not new" tui_wait_not '^ \* '
tui_type ":set netns blue"
tui_keys Enter
check "only the other one" tui_wait_not '127\.0\.0\.1:8441'
check "is there" tui_wait '127\.0\.0\.1:8442'
tui_keys 4
check "and nothing was closed by that" tui_wait_not '127\.0\.0\.1:8441'
tui_keys 2
tui_type ":set netns nowhere"
tui_keys Enter
check "one that is not there: why" tui_wait 'network namespace nowhere'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0
tui_start 80x24 "$SOCKEYE" --scope host --netns blue
check "--netns" tui_wait '127\.0\.0\.1:8442'
tui_keys q
is "ends" "$(tui_gone 5)" 0
tui_end
exit $((failures > 0))
