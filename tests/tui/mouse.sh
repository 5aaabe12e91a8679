#!/bin/bash
# The mouse: a click selects, a click on a column's head sorts, the wheel scrolls. And control sequences that nobody
# knows do nothing, least of all what their letters would.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need tmux

mouse_asked() { [ "$(tui_tmux display-message -p -t t '#{mouse_any_flag}')" = 1 ]; }
row_of() { tui_screen | grep -n -m 1 -- "$1" | cut -d: -f1; }
column_of() { # TEXT: the column of the first line that has it
	local line
	line=$(tui_screen | grep -m 1 -- "$1")
	line=${line%%"$1"*}
	echo $((${#line} + 1))
}
for TUI_TERM in xterm-256color tmux-256color; do
	tui_start 120x36 "$SOCKEYE" --demo
	check "$TUI_TERM: it runs" tui_wait '^ +unix1 '
	check "$TUI_TERM: it asks for the mouse" wait_for 5 mouse_asked
	head=$(column_of 'PROTO')
	tui_mouse 0 8 "$(row_of '^ *udp1 ')"
	check "$TUI_TERM: a click selects" tui_wait 'Inspector udp1'
	tui_mouse 0 "$head" "$(row_of 'NAME ')"
	check "$TUI_TERM: a click on a head sorts" tui_wait 'PROTO *[▲▼]'
	tui_mouse 0 "$head" "$(row_of 'NAME ')"
	check "$TUI_TERM: and again the other way" tui_wait 'PROTO *▼'
	tui_mouse 64 8 "$(row_of 'Calls')"
	tui_mouse 64 8 "$(($(row_of '─ Calls') + 2))"
	check "$TUI_TERM: the wheel scrolls" tui_wait 'tcp2 +connect\('
	tui_mouse 0 8 "$(($(row_of '─ Traffic') + 2))"
	tui_mouse 0 8 "$(row_of '^ *tcp2 ')"
	check "$TUI_TERM: a click elsewhere, and back" tui_wait 'Inspector tcp2'
	for sequence in '[1;5C' '[2~' '[1;2P' '[?1;2c' '[<0;1;1m' '[<35;4;4M' '[3;9~' '[99;1;4q'; do
		tui_type $'\e'"$sequence"
	done
	tui_keys :
	check "$TUI_TERM: unknown sequences are no keys" tui_wait '^:'
	like "$TUI_TERM: nothing was typed by them" "$(tui_screen | tail -n 1)" '^: *$'
	like "$TUI_TERM: the scope is the same" "$(tui_screen | head -n 1)" 'scope mine'
	tui_keys Escape q
	is "$TUI_TERM: q ends it" "$(tui_gone 5)" 0
done
tui_end
exit $((failures > 0))
