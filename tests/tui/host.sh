#!/bin/bash
# The scopes host, process and closed, with a real server: found, filtered, narrowed to, and seen to end.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need tmux python3

"$PYTHON" -m http.server 8417 --bind 127.0.0.1 >/dev/null 2>&1 &
server=$!
check "a server listens" wait_for 10 listening 8417

tui_start 120x36 "$SOCKEYE"
check "it opens in the scope mine" tui_wait '(scope |· )mine'
tui_keys 2
check "2 shows the host's sockets" tui_wait '(scope |· )host'
check "the server with its process and state" tui_wait "python3.* $server .*tcp +LISTEN +127\.0\.0\.1:8417"
tui_keys /
check "/ opens the prompt with the filter" tui_wait '^ ?: ?filter'
tui_type "port:8417"
tui_keys Enter
check "the filter is told" tui_wait 'filter port:8417'
check "how many of how many" tui_wait '1 of [0-9]+ sockets'
check "only the server is left" tui_wait 'Sockets .* 1 ─'
check "it is selected, and the Inspector tells its owner" tui_wait "owner +python3, pid $server, fd [0-9]+"
check "its queue" tui_wait 'accept .*0 of 5 wait'
check "whose calls are not ours" tui_wait "These calls are another program's"
tui_keys v
check "v: the state diagram works for it" tui_wait 'CLOSE-WAIT'
for ((page = 0; page < 8; page++)); do
	tui_keys v
	tui_wait 'summary' 1 >/dev/null && break
done
check "v comes round to the summary" tui_wait 'summary'
tui_keys Escape
tui_keys 3
check "3 narrows to its process" tui_wait "(scope |· )process python3 \($server\)"
tui_keys Escape
check "Esc takes the filter away" tui_wait_not 'filter port'
check "the process has the server" tui_wait 'LISTEN +127\.0\.0\.1:8417'
tui_keys C
check "C lists the columns" tui_wait '\[x\] +PID'
tui_keys Down Space Escape
check "Space takes one away" tui_wait_not 'PROCESS +PID'
tui_keys K
check "K asks, and names the socket and its owner" \
	tui_wait "destroy tcp 127\.0\.0\.1:8417 of python3 \(pid $server\)\? y/N"
tui_keys n
check "anything but y is a no" tui_wait_not 'y/N'
check "it is still there" listening 8417
kill $server
wait $server 2>/dev/null
tui_keys 4
check "4 shows what was closed" tui_wait '(scope |· )closed'
check "the server's socket with its process and since when" tui_wait 'python3.*(now|ago).*127\.0\.0\.1:8417' 8
tui_keys n
check "n makes a socket in the scope mine" tui_wait '(scope |· )mine'
tui_keys Enter
check "there it is" tui_wait 'tcp1 +tcp +CLOSED'
tui_keys S
check "S shows the options with its prompt" tui_wait 'SO_REUSEADDR'
check "and fills one in" tui_wait 'setsockopt TCP_NODELAY 1'
tui_keys Enter
check "it is set" tui_wait 'setsockopt\([0-9]+, .*TCP_NODELAY'
check "and the Inspector is on the page before again" tui_wait ' summary ─'
tui_keys S
tui_wait ' options ─'
tui_keys Escape
check "Esc does it, too" tui_wait ' summary ─'
tui_keys v v
check "v turns to the options of our own" tui_wait ' options ─'
tui_keys S
tui_wait 'setsockopt'
tui_keys Escape
check "where they were seen before they stay" tui_wait ' options ─'
tui_keys v v v
tui_wait ' summary ─'
tui_keys Tab
tui_keys x Enter e
check "the echo peers run" tui_wait 'echo peers run'
tui_keys 2 /
tui_keys C-u
tui_type 'filter state:listen proc:sockeye proto:tcp family:inet'
tui_keys Enter
check "the program's own sockets are of the host, too" tui_wait 'echo\.tcp +[0-9]+ tcp +LISTEN'
tui_keys g K
check "K asks for one's own, too" tui_wait 'destroy tcp 127.*, our own echo\.tcp\? y/N'
tui_keys Enter
check "Enter is a no" tui_wait_not 'y/N'
check "nothing was destroyed" tui_wait 'echo\.tcp +[0-9]+ tcp +LISTEN'
tui_keys K y
check "y destroys it" tui_wait 'was destroyed'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0
tui_end
exit $((failures > 0))
