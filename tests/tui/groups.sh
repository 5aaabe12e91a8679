#!/bin/bash
# u: sockets put together by process and by remote address, with rates; Enter narrows, Esc comes back; the cursor stays on
# its group while sockets come and go.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need tmux "$PYTHON"

traffic() { # NAME PORT FD
	mkfifo "$TMPDIR/$1"
	# shellcheck disable=SC2094
	"$PYTHON" tests/harness/traffic.py "$2" <"$TMPDIR/$1" >"$TMPDIR/$1.said" &
	eval "pid_$1=\$!; exec $3>\"\$TMPDIR/$1\""
	check "$1: a server with its client" wait_for 10 grep -q ready "$TMPDIR/$1.said"
}
pid_busy='' pid_quiet=''
traffic busy 7421 7
traffic quiet 7422 8

tui_start 120x36 "$SOCKEYE" --scope host
check "the host's sockets" tui_wait 'LISTEN +127\.0\.0\.1:7421'
tui_keys u
check "u: a row a process" tui_wait 'Sockets by process'
check "sockets by state" tui_wait "python3.* $pid_quiet +[a-z]+ +3 .* 1 +2 +0"
echo flow >&7
check "bytes a second of the process, both ends its own" \
	tui_wait "python3.* $pid_busy +[a-z]+ +3 +[0-9.]+K +[0-9.]+K +0 " 8
check "the busiest comes first" wait_for 5 bash -c \
	"tmux -u -L '$tui_socket' capture-pane -p -t t | sed -n 4p | grep -q ' $pid_busy '"
tui_keys End Home
check "the Inspector tells of one of its sockets" tui_wait "owner +python3, pid $pid_busy, fd"
echo churn >&8
cursor() { tui_screen -e | grep -a "$1" | grep -aq $'\e\[[0-9;]*48[;:]'; }
check "the cursor is on it" wait_for 5 cursor " $pid_busy "
check "and others come and go" tui_wait '\((time-wait|exited)\)' 8
check "it stays on its group" wait_for 5 cursor " $pid_busy "
echo calm >&8
tui_keys Enter
check "Enter leaves only its sockets" tui_wait "(scope |· )process (python3 \()?$pid_busy"
check "each with a row" tui_wait 'LISTEN +127\.0\.0\.1:7421'
check "and no others" tui_wait_not '127\.0\.0\.1:7422'
tui_keys Escape
check "Esc comes back" tui_wait 'Sockets by process'
check "to the scope that was" tui_wait '(scope |· )host'
check "to the group" wait_for 5 cursor " $pid_busy "
echo stop >&7

tui_keys u
check "u again: a row a remote address" tui_wait 'Sockets by remote address'
check "the loopback with its totals" tui_wait '127\.0\.0\.1 +python3 ?… +[0-9]+ +[0-9.]+K? '
tui_keys o
check "o sorts" tui_wait 'by REMOTE'
tui_keys Home Enter
check "Enter filters by the address" tui_wait 'filter dst:127\.0\.0\.1'
check "listeners have no other end" tui_wait_not 'LISTEN'
tui_keys Escape
check "Esc comes back here too" tui_wait 'Sockets by remote address'
check "the filter is gone" tui_wait_not 'filter dst'
tui_keys u
check "u once more: sockets" tui_wait 'PROCESS +PID +PROTO'

tui_keys /
tui_type "port:7421"
tui_keys Enter
check "with a filter" tui_wait 'filter port:7421'
tui_type ":group process"
tui_keys Enter
check "as a command" tui_wait 'Sockets by process'
check "only what matches is put together" tui_wait_not " $pid_quiet "
tui_keys Home y
check "y copies the row of the group" wait_for 5 bash -c \
	"tmux -u -L '$tui_socket' show-buffer 2>/dev/null | grep -Pq '^python3\t$pid_busy\t'"
tui_keys 4
check "of closed ones, too" tui_wait '(scope |· )closed'
tui_keys 1
check "and of our own" tui_wait '(scope |· )mine'
tui_keys Escape
check "Esc leaves the groups" tui_wait_not 'Sockets by process'
tui_keys Escape
check "and once more the filter" tui_wait_not 'filter port'
tui_keys u
check "no sockets of our own, no groups" tui_wait 'No sockets yet'
tui_keys n
check "n shows sockets again" tui_wait 'socket inet stream'
tui_keys Enter
check "and its new one" tui_wait 'tcp1 +tcp'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0
tui_end
exec 7>&- 8>&-
exit $((failures > 0))
