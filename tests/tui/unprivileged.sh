#!/bin/bash
# Without privileges: the sockets of everybody are there, and what is missing is said where it is missing, at 80 columns.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need tmux "$PYTHON" setpriv
need_root

chmod 755 "$TMPDIR"
cp "$SOCKEYE" "$TMPDIR/sockeye"
"$PYTHON" -m http.server 8481 --bind 127.0.0.1 >/dev/null 2>&1 &
check "root's server" wait_for 10 listening 8481
tui_start 80x24 setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --no-new-privs \
	env HOME=/nonexistent "$TMPDIR/sockeye" --scope host
check "it is listed" tui_wait 'LISTEN +127\.0\.0\.1:8481'
check "with the reason why its owner is not known" tui_wait '\(no-permiss.* tcp +LISTEN +127\.0\.0\.1:8481'
check "the status line counts them" tui_wait '^ sockeye .* [0-9]+ owners? hidden'
check "and says that there is no capture" tui_wait 'capture off'
tui_keys u
check "by process: those of the reason" tui_wait '^ \(no-permission\) +- '
tui_keys u u
tui_resize 130x30
check "in a wide terminal, too: what to do" tui_wait 'owners? hidden: run as root'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0
tui_end
exit $((failures > 0))
