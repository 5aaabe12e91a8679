#!/bin/bash
# The command line as a stranger types it: what is wrong is one line `sockeye: …` and a hint, and the exit status 2; a
# privilege that is missing is named with the command that grants it; help of everything; an output that is full or gone.
source "$(dirname "$0")/../harness/lib.sh"

wrong() {
	exits "wrong: $*" 2 "$SOCKEYE" "$@"
	is "two lines: $*" "$(wc -l <<<"$err")" 2
	like "the reason: $*" "$(head -n 1 <<<"$err")" '^sockeye: [^ ]'
	like "a hint: $*" "$(tail -n 1 <<<"$err")" '^Try: sockeye .*--help$'
	is "nothing on standard output: $*" "$out" ''
}
wrong nonsense
wrong --nonsense
wrong -Q
wrong --json
wrong -i
wrong --theme nonesuch --json
wrong --snaplen few
wrong --buffer 0
wrong list --columns nothing
wrong list --sort nothing
wrong list --watch=soon
wrong list 'pid:>'
wrong list -K --yes
wrong list --json --csv
wrong dump --raw ether
wrong dump -c some
wrong dump --time never
wrong dump -i lo 'no such bpf'
wrong run
wrong run --nonsense -
wrong help nonsense

# What a terminal would be needed for is said where there is none.
wrong
like "a screen needs a terminal" "$err" 'standard output is no terminal'
wrong --theme nonesuch
like "names what there is" "$err" 'theme takes dark, light, mono or contrast, not "nonesuch"'

for topic in '' commands keys options settings states filter columns manual list dump run connect setsockopt; do
	exits "help $topic" 0 "$SOCKEYE" help $topic
	is "says nothing else" "$err" ''
	check "has something to tell" [ "$(wc -l <<<"$out")" -ge 2 ]
done
for command in '' list dump run help; do
	exits "$command -h" 0 "$SOCKEYE" $command -h
	like "begins with the usage" "$out" "^Usage: sockeye"
	exits "$command -V" 0 "$SOCKEYE" $command --version
	like "the version alone" "$out" '^sockeye [0-9]+\.[0-9]+\.[0-9]+$'
done
exits "a command's help by its name" 0 "$SOCKEYE" help list
is "is that of --help" "$out" "$("$SOCKEYE" list --help)"
if type man >/dev/null 2>&1; then
	is "the manual is clean roff" "$("$SOCKEYE" help manual | LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l - 2>&1 >/dev/null)" ''
else
	skip "the manual is clean roff" "needs man"
fi

# --- an output that is full, or gone ---
full() {
	err=$("$SOCKEYE" "$@" 2>&1 >/dev/full)
	like "a full output: $*" "$? $err" '^1 sockeye: standard output cannot be written'
}
full list
full list --json -s
full help keys
full --version
gone() {
	err=$( { "$SOCKEYE" "$@" 2>&3 | true; } 3>&1)
	is "a reader that is gone: $*" "$err" ''
}
gone list
gone help options
gone run assets/scripts/tcp4.sock

# --- privileges ---
if [ "$(id -u)" = 0 ] && setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
	refused() {
		local capability=$1
		shift
		exits "without $capability: $*" 3 setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$SOCKEYE" "$@"
		like "names it" "$err" "^sockeye: .*$capability"
		like "and the command" "$err" "sudo setcap [a-z_,]*${capability,,}[a-z_,]*\+ep /"
	}
	chmod 755 "$TMPDIR"
	printf 'socket inet stream\n' >"$TMPDIR/one.sock"
	refused CAP_NET_RAW dump -i lo
	refused CAP_NET_RAW dump --raw tcp
	refused CAP_NET_RAW run --capture lo "$TMPDIR/one.sock"
	refused CAP_SYS_ADMIN list --netns 1
else
	skip "privileges that are missing" "needs root"
fi

# --- a HOME that cannot be read, or is none ---
mkdir -p "$TMPDIR/closed/.config/sockeye"
printf 'set nonsense 1\n' >"$TMPDIR/closed/.config/sockeye/config"
exits "a configuration with a mistake" 0 env HOME="$TMPDIR/closed" "$SOCKEYE" run assets/scripts/tcp4.sock
exits "no HOME" 0 env -u HOME "$SOCKEYE" run assets/scripts/tcp4.sock
exits "a HOME that is a file" 0 env HOME=/dev/null "$SOCKEYE" run assets/scripts/tcp4.sock

exit $((failures > 0))
