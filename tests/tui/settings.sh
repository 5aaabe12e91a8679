#!/bin/bash
# F2: the settings, changed in place; the columns of the table, by C, by command and from the configuration.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need tmux "$PYTHON"

cat >"$TMPDIR/config" <<'C'
columns state,local,user in host
set refresh 500ms
C
"$PYTHON" -m http.server 8431 --bind 127.0.0.1 >/dev/null 2>&1 &
check "a server listens" wait_for 10 listening 8431

TUI_TERM=xterm-256color # its mouse is that of tui_mouse
tui_start 80x24 "$SOCKEYE" --scope host --config "$TMPDIR/config"
check "the columns of the configuration, in their order" tui_wait '^ +STATE +LOCAL +USER *$'
check "users by name" tui_wait "LISTEN +127\.0\.0\.1:8431 +$(id -un) *$"
tui_keys F2
check "F2 lists the settings" tui_wait '^── Settings '
check "as the configuration has them" tui_wait 'refresh +500ms'
check "with their help" tui_wait 'timeout: how long a step of a script may take\. It takes T; at first'
tui_keys Down Right
check "Right: the next value" tui_wait 'refresh +1s'
tui_keys Left Left
check "Left: the one before" tui_wait 'refresh +200ms'
tui_keys Enter
check "Enter: a time is typed" tui_wait '^ ?: ?set refresh 200ms'
tui_keys C-w
tui_type 3s
tui_keys Enter
check "it is set" tui_wait 'refresh +3s'
tui_keys Down Enter
check "Enter turns a switch" tui_wait 'show-peers +on'
tui_keys Down Space
check "without lines: at once" tui_wait '^-- Settings '
tui_keys Space
check "and back" tui_wait '^── Settings '
tui_keys G Right
check "the colours, too" tui_wait 'theme +light'
check "how it is written in the configuration" tui_wait 'In the configuration: set theme light'
tui_keys Escape
check "Esc ends it" tui_wait_not 'Settings'
tui_type ":set theme nothing"
tui_keys Escape

tui_keys C
check "C: the columns, those that are shown first" tui_wait '^ \[x\] STATE'
tui_keys Right
check "Right moves one down" wait_for 5 bash -c "tmux -u -L '$tui_socket' capture-pane -p -t t | sed -n 3,4p | tr '\n' ' ' | grep -q 'LOCAL.*STATE'"
tui_keys Down Space Escape
check "the table has them in that order" tui_wait '^ +LOCAL +STATE *$'
tui_type ":columns proto,local,remote,recv-q in host"
tui_keys Enter
check "as a command" tui_wait '^ +PROTO +LOCAL +REMOTE +RECV-Q *$'
tui_keys 1
check "of that scope only" tui_wait '(scope |· )mine'
tui_type ":columns bogus"
tui_keys Enter
check "what is no column is refused" tui_wait 'there is no column "bogus"'
tui_keys Escape
tui_type ":columns default"
tui_keys Enter 2
check "those at first" tui_wait 'PROCESS +PID +PROTO +STATE'
tui_mouse 0 18 3
check "a click on a head sorts" tui_wait 'by PID'
tui_mouse 0 18 3
check "once more: the other way round" tui_wait 'PID ▼'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0
tui_end
exit $((failures > 0))
