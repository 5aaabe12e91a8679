# shellcheck shell=bash
# A real terminal for tests: tmux on a private socket, with nobody's configuration. Source lib.sh first.
#
#	tui_start 80x24 "$SOCKEYE" --demo
#	check "shows the echo peers" tui_wait '127\.0\.0\.1:[0-9]+ +LISTEN'
#	tui_keys Down Enter
#	tui_keys q
#	is "ends well" "$(tui_gone 5)" 0
#	tui_end

tui_starts=0
tui_socket=sockeye-$$-0

tui_tmux() { tmux -u -L "$tui_socket" -f /dev/null "$@"; }

# tui_start COLSxROWS COMMAND…: in a fresh terminal of that size; ends the one before.
tui_start() {
	local size=$1 words=() w
	shift
	tui_end
	tui_socket=sockeye-$$-$((++tui_starts)) # never the socket of one that is just about to end
	for w; do words+=("${w/%;/\\;}"); done # a last ; would end tmux's command
	# A lone word would be taken for a shell's command line.
	[ ${#words[@]} -gt 1 ] || words=(env "${words[@]}")
	[ $tui_starts -gt 1 ] || at_exit tui_end
	export TMUX_TMPDIR=$TMPDIR
	tui_tmux start-server \; set -g remain-on-exit on \; \
		set -gq remain-on-exit-format '' \; set -g status off \; set -s escape-time 0 \; \
		set -g default-terminal "${TUI_TERM:-tmux-256color}" \; set -g history-limit 2000 \; set -s set-clipboard on \; \
		new-session -d -s t -x "${size%x*}" -y "${size#*x}" "${words[@]}"
}

# tui_keys WORD…: keys by tmux's names (Enter, Escape, Tab, BTab, Up, PPage, C-l, F1, q)
tui_keys() {
	local k
	for k; do tui_tmux send-keys -t t "${k/%;/\\;}"; done
}

# tui_type TEXT: as it stands
tui_type() { tui_tmux send-keys -t t -l -- "${1/%;/\\;}"; }

# tui_mouse BUTTON COLUMN ROW: press and release (0 left, 2 right, 64 wheel up, 65 wheel down; from 1,1)
tui_mouse() {
	tui_type $'\e'"[<$1;$2;$3M"
	[ "$1" -ge 64 ] || tui_type $'\e'"[<$1;$2;$3m"
}

# tui_screen [-e]: what is on the screen (-e with its colours)
tui_screen() { tui_tmux capture-pane -p -t t "$@"; }

# tui_wait REGEX [SECONDS]: until a line of the screen matches; shows the screen if none does
tui_wait() {
	wait_for "${2:-5}" tui_matches "$1" || {
		echo "not on the screen after ${2:-5} s: $1"
		tui_frame
		return 1
	}
}
tui_matches() { grep -Eq -- "$1" <<<"$(tui_screen)"; }

# tui_wait_not REGEX [SECONDS]: until no line matches
tui_wait_not() {
	wait_for "${2:-5}" tui_differs "$1" || {
		echo "still on the screen after ${2:-5} s: $1"
		tui_frame
		return 1
	}
}
tui_differs() { ! tui_matches "$1"; }

tui_frame() { tui_screen | sed 's/^/|/; s/$/|/'; }

# tui_resize COLSxROWS
tui_resize() { tui_tmux resize-window -t t -x "${1%x*}" -y "${1#*x}"; }

# tui_pid: the process in the terminal
tui_pid() { tui_tmux display-message -p -t t '#{pane_pid}'; }

# tui_gone SECONDS: waits until the program has ended, and prints its exit status (128 + the signal that ended it).
# Its last screen can still be looked at.
tui_gone() {
	wait_for "${1:-5}" tui_dead || {
		echo "still running after ${1:-5} s"
		tui_frame
		return 1
	}
	# The terminal closes a little before the status is known, and tmux sometimes misses the signal that tells it.
	tui_status >/dev/null || kill -CHLD "$(tui_tmux display-message -p '#{pid}')"
	wait_for 2 tui_status
	tui_status
}
tui_status() {
	local status signal
	IFS=/ read -r status signal <<<"$(tui_tmux display-message -p -t t '#{pane_dead_status}/#{pane_dead_signal}')"
	echo "${status:-$((128 + ${signal:-0}))}"
	[ -n "$status$signal" ]
}
tui_dead() { [ "$(tui_tmux display-message -p -t t '#{pane_dead}')" = 1 ]; }

tui_end() { tui_tmux kill-server 2>/dev/null; return 0; }
