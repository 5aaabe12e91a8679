#!/bin/bash
# However it ends, by a key, a signal or a crash, the terminal is as it was; and what its options may be is said
# before the screen is taken.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need tmux

cat >"$TMPDIR/shell" <<'END'
ulimit -c 0
env --default-signal=QUIT,USR1,ALRM "$SOCKEYE" "$@" 2>"$TMPDIR/said"
echo "status=$? $(stty -a | grep -Eo -e '-?(icanon|echo|isig|opost)\>' | tr '\n' ' ')"
exec cat
END
shell() { tui_start 80x24 env SOCKEYE="$SOCKEYE" TMPDIR="$TMPDIR" bash "$TMPDIR/shell" "$@"; }
modes() { tui_tmux display-message -p -t t 'screen=#{alternate_on} mouse=#{mouse_any_flag} cursor=#{cursor_flag} keypad=#{keypad_flag}'; }
program() { pgrep -o -x sockeye; }

# ends NAME STATUS: the shell is back with that status, and the terminal as it was
ends() {
	check "$1: it ends" tui_wait '^status='
	like "$1: its status" "$(tui_screen)" "^status=$2 "
	unlike "$1: the line discipline" "$(tui_screen)" '(^| )-(icanon|echo|isig|opost)'
	is "$1: the screen" "$(modes)" 'screen=0 mouse=0 cursor=1 keypad=0'
}
for end in INT:0 TERM:0 HUP:0 QUIT:131 USR1:138 ALRM:142 SEGV:139 ABRT:134 BUS:135; do
	shell --demo
	check "SIG${end%:*}: it runs" tui_wait 'scope mine'
	kill -s "${end%:*}" "$(program)"
	ends "SIG${end%:*}" "${end#*:}"
done
shell
check "q: it runs" tui_wait 'scope mine'
tui_keys q
ends q 0

# said OPTIONS…: refused without a screen, with a hint
said() {
	shell "$@"
	ends "$*" 2
	like "$*: why" "$(head -n 1 "$TMPDIR/said")" '^sockeye: '
	like "$*: a hint" "$(tail -n 1 "$TMPDIR/said")" '^Try: sockeye --help$'
}
said --theme nonesuch
said --scope nonesuch
said --scope process:some
said --filter port:some
said -r -

squeezed() { [[ $(tui_screen | tr -d ' \n') = *$1* ]]; }
for size in 59x16:needs60x16 60x15:needs60x16 3x24:needs60x16 3x3:sockey; do
	words=${size#*:} size=${size%:*}
	tui_start "$size" "$SOCKEYE" --demo
	check "$size is too small" wait_for 5 squeezed "$words"
	tui_resize 80x24
	check "$size: larger again" tui_wait 'scope mine'
	tui_keys q
	is "$size: q ends it" "$(tui_gone 5)" 0
done
tui_end
exit $((failures > 0))
