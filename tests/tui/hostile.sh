#!/bin/bash
# Bad input, small and changing terminals, signals: one clear line, nothing lost, the terminal restored.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need tmux

tui_start 100x30 "$SOCKEYE"
check "it opens" tui_wait 'sockeye'

try() { # NAME TYPED REGEX: the message, and the typed text is still there
	tui_keys :
	tui_type "$2"
	tui_keys Enter
	check "$1" tui_wait "$3"
	check "$1: the text is kept" tui_wait "$(sed 's/[][\.*^$()+?{}|"]/\\&/g' <<<"$2")"
	tui_keys Escape
}
try "an unknown command" 'conect 127.0.0.1:80' 'did you mean'
try "no socket yet" 'connect 127.0.0.1:80' 'no socket yet'
tui_keys n Enter
check "a socket" tui_wait 'tcp1'
try "a port out of range" 'connect 127.0.0.1:70000' '70000 is out of range'
try "an open quote" 'send "hello' 'quote is not closed'
try "a bad option value" 'setsockopt TCP_NODELAY maybe' 'TCP_NODELAY'
try "a bad address" 'connect nonsense' 'not an address|no port'

tui_resize 40x10
check "too small: it says what it needs" tui_wait '60'
tui_resize 3x3
tui_resize 300x100
check "large" tui_wait 'tcp1 +tcp'
tui_resize 60x16
check "60x16 is enough" tui_wait 'tcp1'
tui_resize 100x30
check "back" tui_wait 'tcp1 +tcp +CLOSED'
tui_keys q
is "q ends it" "$(tui_gone 5)" 0

# Keys that come together, and keys that only the extended part of a terminal's description knows.
for term in xterm-256color linux; do
	tui_start 100x30 env TERM=$term "$SOCKEYE" --no-capture
	check "$term: it opens" tui_wait 'scope mine'
	tui_type $'\e\e[200~one q line\e[201~'
	check "$term: Esc and a paste at once are an Esc and a paste" tui_wait '^: one q line|^.?: one q line'
	tui_type $'\e'
	check "$term: Esc leaves the prompt" tui_wait_not 'one q line'
	for key in '[3;3~' '[Z' '[1;5C'; do
		tui_type $'\e'"$key"
		tui_type '?'
		check "$term: after ESC $key a key is a key" tui_wait 'keys and commands'
		tui_type $'\e\eOB\e'
		check "$term: and Esc is Esc" tui_wait_not 'keys and commands'
	done
	tui_keys q
	is "$term: q ends it" "$(tui_gone 5)" 0
done

for signal in TERM HUP INT; do
	tui_start 80x24 bash -c "\"\$SOCKEYE\" --no-capture; echo status \$?; stty -a | tr ' ' '\n' | grep -x -e echo -e -echo; exec sleep 100"
	check "$signal: it opens" tui_wait 'scope mine'
	tui_keys :
	tui_type "u = socket unix stream"
	tui_keys Enter
	tui_keys :
	tui_type "u.bind unix:$TMPDIR/sock-$signal"
	tui_keys Enter
	check "$signal: a path is bound" wait_for 5 test -S "$TMPDIR/sock-$signal"
	pkill -"$signal" -x sockeye
	check "$signal: the terminal is restored" tui_wait '^echo$'
	check "$signal: it ended well" tui_wait '^status 0$'
	check "$signal: the path is removed" test ! -e "$TMPDIR/sock-$signal"
done
tui_start 80x24 bash -c "\"\$SOCKEYE\" --no-capture; stty -a | tr ' ' '\n' | grep -x -e echo -e -echo; exec sleep 100"
check "crash: it opens" tui_wait 'scope mine'
tui_keys :
tui_type "u = socket unix stream"
tui_keys Enter
tui_keys :
tui_type "u.bind unix:$TMPDIR/sock-crash"
tui_keys Enter
check "crash: a path is bound" wait_for 5 test -S "$TMPDIR/sock-crash"
pkill -SEGV -x sockeye
check "crash: the terminal is restored" tui_wait '^echo$'
check "crash: the path is removed" test ! -e "$TMPDIR/sock-crash"
tui_end
exit $((failures > 0))
