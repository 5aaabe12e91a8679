#!/bin/bash
# What works with which privilege, and with which words the rest is refused; what the sandbox leaves to the process that
# decodes. Another user (uid 65534) runs a copy of the program, each time with other capabilities.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need setpriv python3 tmux
need_root

box=$TMPDIR/box
mkdir -p "$box/home" "$box/elsewhere"
cp "$SOCKEYE" "$box/sockeye"
chmod 711 "$TMPDIR"
chown -R 65534:65534 "$box"
chown 0:0 "$box/sockeye"
chmod 755 "$box/sockeye"
cd "$box" || exit 1

# as CAPS COMMAND…: uid 65534 with these capabilities only ("none"), in its own home
as() {
	local caps=$1
	shift
	if [ "$caps" = none ]; then
		setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --ambient-caps=-all --bounding-set=-all \
			env HOME="$box/home" "$@"
	else
		setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps="-all,+$caps" --ambient-caps="-all,+$caps" \
			env HOME="$box/home" "$@"
	fi
}

# --- each capability alone: what is told, and what it brings ---

cat >raw.sock <<'S'
r = socket inet raw icmp
S
cat >mark.sock <<'S'
t = socket inet stream
t.setsockopt SO_MARK 7
S
cat >low.sock <<'S'
t = socket inet stream
t.bind 127.0.0.1:81
S
sysctl -qw net.ipv4.ip_unprivileged_port_start=1024 2>/dev/null

# capability | works: dump, raw, mark, low
while read -r caps dump raw mark low; do
	run=(as "$caps" "$box/sockeye")
	out=$("${run[@]}" --privileges 2>&1)
	if [ "$caps" = none ]; then
		like "without any: it says so" "$out" '^uid 65534, no capability'
	else
		like "$caps: held" "$out" "^held +CAP_${caps^^} "
		is "$caps: nothing else is" "$(grep -c '^held' <<<"$out")" 1
	fi
	like "$caps: what is missing, and how to grant it" "$out" "grant it: sudo setcap cap_[a-z_]+\+ep $box/sockeye"
	[ "$dump" = yes ] && status=0 || status=3
	exits "$caps: dump" $status "${run[@]}" dump -i lo -c 1 &
	dumping=$!
	"$PYTHON" - <<-'P'
		import socket, time
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		for i in range(40):
		    s.sendto(b"x", ("127.0.0.1", 9999))
		    time.sleep(0.05)
	P
	wait $dumping || failures=$((failures + 1))
	[ "$dump" = yes ] || like "$caps: with the words" "$(as "$caps" "$box/sockeye" dump -i lo -c 1 2>&1)" \
		"needs CAP_NET_RAW: run as root, or: sudo setcap cap_net_raw\+ep $box/sockeye"
	for one in raw:$raw:CAP_NET_RAW mark:$mark:CAP_NET_ADMIN low:$low:CAP_NET_BIND_SERVICE; do
		IFS=: read -r script works name <<<"$one"
		[ "$works" = yes ] && status=0 || status=1
		exits "$caps: $script" $status "${run[@]}" run "$script.sock"
		[ "$works" = yes ] || like "$caps: $script is refused with the capability and the command" "$out$err" \
			"needs $name: run as root, or: sudo setcap ${name,,}\+ep $box/sockeye"
	done
done <<'TABLE'
none no no no no
net_raw yes yes yes no
net_admin no no yes no
net_bind_service no no no yes
sys_ptrace no no no no
dac_read_search no no no no
TABLE

# --- what the sandbox leaves ---

cd "$TOP" || exit 1
if command -v cc >/dev/null; then
	echo kept >"$box/outside"
	check "the probe is built" cc -std=c11 -D_GNU_SOURCE -Iinclude -pthread -o "$TMPDIR/probe" \
		tests/integration/sandbox_probe.c src/privilege/{privilege,capset,sandbox,landlock,seccomp}.c src/core/capability.c \
		src/util/{err,buf,text,text_number,mem,real_user,library}.c
	mkdir "$TMPDIR/inside"
	out=$("$TMPDIR/probe" "$TMPDIR/inside" "$box/outside" 2>&1)
	for thread in main thread; do
		while read -r what wanted; do
			like "in the sandbox ($thread): $what" "$out" "^$thread $what $wanted$"
		done <<-'TABLE'
			open-outside EACCES
			open-beside EACCES
			truncate EPERM
			unlink EACCES
			mkdir EACCES
			symlink EPERM
			exec EPERM
			fork EPERM
			ptrace EPERM
			kill EPERM
			unshare EPERM
			root EPERM
			raw EPERM
			write-inside worked
			read worked
			tcp worked
		TABLE
	done
	is "the file outside is as it was" "$(cat "$box/outside")" kept
fi

# every thread of PID: without capabilities, with no_new_privs and a filter
confined() {
	local t uid=${2-0}
	for t in /proc/"$1"/task/*/status; do
		[ "$(grep -Ec '^Cap(Inh|Prm|Eff|Bnd|Amb):.0000000000000000$' "$t")" = 5 ] &&
			grep -q '^NoNewPrivs:.1$' "$t" && grep -q '^Seccomp:.2$' "$t" &&
			grep -q "^Uid:.$uid.$uid.$uid.$uid$" "$t" || return 1
	done
}
# The same for who has no CAP_SETPCAP: the bounding set stays, and no_new_privs makes it worth nothing.
confined_but_bounding() {
	local t
	for t in /proc/"$1"/task/*/status; do
		[ "$(grep -Ec '^Cap(Inh|Prm|Eff|Amb):.0000000000000000$' "$t")" = 4 ] &&
			grep -q '^NoNewPrivs:.1$' "$t" && grep -q '^Seccomp:.2$' "$t" || return 1
	done
}
not_running() { ! kill -0 "$1" 2>/dev/null; }
helper_of() { pgrep -P "$1" | head -1; }
threads() { [ "$(ls "/proc/$1/task" | wc -l)" -ge "$2" ]; }

cd "$box" || exit 1
chown 0:0 .
tui_start 140x40 "$SOCKEYE" --sandbox-strict
check "it starts where the kernel can do all of it" tui_wait 'root, sandboxed$|root, sandboxed '
ui=$(tui_pid)
tui_keys 2
check "the scope host" tui_wait 'scope host'
check "capture and sampler have threads of their own" wait_for 5 threads "$ui" 3
check "every thread is confined" confined "$ui"
helper=$(helper_of "$ui")
like "the broker has its privileges" "$(grep CapEff "/proc/$helper/status")" '[1-9a-f]'
is "it holds its two pairs and nothing of the terminal or the capture" \
	"$(readlink /proc/"$helper"/fd/[0-4] | sed 's/:.*//' | sort | uniq -c | xargs)" '3 /dev/null 2 socket'
unlike "no file either" "$(readlink /proc/"$helper"/fd/*)" 'pts|tty|\.(sock|pcapng)'

# --- what the broker does ---

"$PYTHON" -m http.server 8418 --bind 127.0.0.1 >/dev/null 2>&1 &
server=$!
wait_for 10 listening 8418
cat >listen.sock <<'S'
l = socket inet stream
l.bind 127.0.0.1:8419
l.listen
wait 100s
S
as none "$box/sockeye" run listen.sock >/dev/null 2>&1 &
wait_for 10 listening 8419
other=$(pgrep -f 'run listen.sock')
check "owners are told from inside the sandbox" tui_wait "python3.* $server .*127\.0\.0\.1:8418" 8
check "other users' as well" tui_wait "sockeye.* $other .*127\.0\.0\.1:8419" 8
tui_keys / && tui_type 'port:8419' && tui_keys Enter
check "one is chosen" tui_wait '1 of [0-9]+ sockets'
tui_keys Home
tui_wait "owner +sockeye, pid $other" >/dev/null
tui_keys T
check "T asks" tui_wait "signal tcp 127\.0\.0\.1:8419 of sockeye \(pid $other\)\? y/N"
tui_keys n
check "no is no" kill -0 "$other"
tui_keys T
tui_wait 'y/N' >/dev/null
tui_keys y
check "yes: another user's process is signalled" tui_wait "sockeye \(pid $other\) was sent SIGTERM"
check "and ends" wait_for 5 not_running "$other"
tui_keys Escape
check "the filter is gone" tui_wait_not 'filter port'
enter() { tui_keys :; tui_type "$1"; tui_keys Enter; }
enter 'scope mine'
enter 't = socket inet stream'
enter 't.bind 127.0.0.1:80'
check "a port below 1024" tui_wait 'bind\([0-9]+, 127\.0\.0\.1:80\) = 0'
enter 't.setsockopt SO_MARK 7'
check "SO_MARK" tui_wait 'SO_MARK.* = 0'
enter 't.setsockopt IP_TRANSPARENT 1'
check "IP_TRANSPARENT" tui_wait 'IP_TRANSPARENT.* = 0'
enter 'r = socket inet raw icmp'
check "a raw socket" tui_wait 'socket\(AF_INET, SOCK_RAW.* = [0-9]+'
enter 'raw on icmp'
check "the raw listener" tui_wait 'raw icmp [0-9]'
enter 'capture lo'
check "another interface" tui_wait 'capture lo'
tui_keys e
enter 'c = socket inet stream'
enter 'c.connect $echo.tcp'
check "whose packets come" tui_wait ' lo .*[1-9][0-9]* packets|capture lo · [1-9][0-9]* packets'
enter 'capture off'
check "off" tui_wait 'capture off'
enter 'capture on'
check "and on again" tui_wait 'capture lo|capture any'
enter "u = socket unix stream"
enter "u.bind unix:/var/tmp/sockeye-$$.sock"
check "a path outside is refused" tui_wait 'bind\([0-9]+, unix:/var/tmp.* EACCES'
check "not made" test ! -e "/var/tmp/sockeye-$$.sock"
enter "u.bind unix:/tmp/sockeye-$$.sock"
check "one in /tmp works" tui_wait 'bind\([0-9]+, "?.*/tmp/sockeye-.*\) = 0'
enter "save /var/tmp/sockeye-$$.script"
check "a file outside: --sandbox-write" tui_wait 'start with --sandbox-write /var/tmp'
check "nor made" test ! -e "/var/tmp/sockeye-$$.script"
tui_keys Escape

# --- ends ---

kill -9 "$helper"
check "the broker's death is told" tui_wait 'the broker was ended by signal 9'
check "and stays told" tui_wait 'no broker'
enter 'q = socket inet raw icmp'
check "what it did is refused now" tui_wait 'EPERM'
enter 'd = socket inet dgram'
check "the rest goes on" tui_wait 'd +udp'
tui_keys q
is "and ends well" "$(tui_gone 5)" 0

tui_start 120x36 "$SOCKEYE"
tui_wait 'sandboxed'
ui=$(tui_pid)
helper=$(helper_of "$ui")
kill -9 "$ui"
gone() { ! kill -0 "$helper" 2>/dev/null || grep -q '^State:.Z' "/proc/$helper/status"; }
check "the broker ends with the screen" wait_for 5 gone
tui_end

# --- sudo ---

chown -R 65534:65534 "$box/home"
tui_start 120x36 env SUDO_UID=65534 SUDO_GID=65534 HOME="$box/home" "$SOCKEYE" -w "$box/home/w.pcapng"
check "as sudo starts it" tui_wait 'sandboxed'
check "every thread is the user's" confined "$(tui_pid)" 65534
enter "save $box/home/s.sock"
check "a file is written" wait_for 5 test -e "$box/home/s.sock"
is "it is the user's" "$(stat -c %u "$box/home/s.sock")" 65534
is "the capture, too" "$(stat -c %u "$box/home/w.pcapng")" 65534
tui_keys q
is "it ends well" "$(tui_gone 5)" 0
tui_start 120x36 env SUDO_UID=65534 SUDO_GID=65534 HOME="$box/home" "$SOCKEYE" --no-uid-drop
tui_wait 'sandboxed'
check "--no-uid-drop stays root" confined "$(tui_pid)" 0
tui_keys q
tui_gone 5 >/dev/null

for option in "" --no-sandbox; do
	rm -f "$box/home/dumped.pcapng"
	env SUDO_UID=65534 SUDO_GID=65534 HOME="$box/home" "$SOCKEYE" dump $option -i lo -c 1 -w "$box/home/dumped.pcapng" \
		>/dev/null 2>&1 &
	dumping=$!
	wait_for 5 test -e "$box/home/dumped.pcapng"
	is "dump ${option:-in the sandbox}: its file is the user's" "$(stat -c %u "$box/home/dumped.pcapng")" 65534
	[ -n "$option" ] || check "dump: every thread is confined" wait_for 5 confined $dumping 65534
	kill $dumping
	wait $dumping
done
ln -s /etc/passwd "$box/home/link.pcapng"
exits "a symbolic link in the way is refused" 1 env SUDO_UID=65534 SUDO_GID=65534 "$SOCKEYE" dump -i lo -c 1 \
	-w "$box/home/link.pcapng"
like "with the reason" "$err" 'symbolic link|exists'

# --- an installed binary by make setcap, and a user namespace ---

cp "$SOCKEYE" "$box/installed"
if make -s -C "$TOP" --no-print-directory -o all setcap TARGET="$box/installed" >/dev/null 2>&1 &&
	command -v getcap >/dev/null; then
	like "make setcap gives the six" "$(getcap "$box/installed" | tr ',= ' '\n\n\n' | grep -c ^cap_)" '^6$'
	is "and they are held" "$(setpriv --reuid 65534 --clear-groups "$box/installed" --privileges |
		awk '/^held/ { print $2 }' | xargs)" \
		'CAP_NET_RAW CAP_NET_ADMIN CAP_BPF CAP_PERFMON CAP_SYS_PTRACE CAP_DAC_READ_SEARCH'
	chmod 777 .
	tui_start 120x36 setpriv --reuid 65534 --clear-groups env HOME="$box/home" "$box/installed" --sandbox-strict
	check "the screen starts with them" tui_wait 'cap_net_raw\+admin, sandboxed'
	check "captures" tui_wait 'capture any'
	ui=$(tui_pid)
	check "and keeps none" confined_but_bounding "$ui"
	tui_keys n Enter
	check "the owner of its own sockets is known" tui_wait "owner +sockeye, pid $ui"
	tui_keys 2
	check "and of other users'" tui_wait "python3.* $server .*127\.0\.0\.1:8418" 8
	tui_keys q
	is "it ends well" "$(tui_gone 5)" 0
	chmod 755 .
else
	skip "make setcap" "file capabilities cannot be set here"
fi
if setpriv --reuid 65534 --clear-groups unshare -Urn true 2>/dev/null; then
	out=$(setpriv --reuid 65534 --clear-groups unshare -Urn env HOME="$box/home" "$box/sockeye" --privileges 2>&1)
	like "in a user namespace: held there" "$out" '^held +CAP_NET_RAW'
	like "and given away" "$out" '^applied +seccomp'
	exits "in a user namespace: raw sockets" 0 setpriv --reuid 65534 --clear-groups unshare -Urn \
		env HOME="$box/home" "$box/sockeye" run --sandbox-strict raw.sock
else
	skip "a user namespace" "this kernel refuses it"
fi

# --- with and without: as many owners ---

# owners: how many of the scope host's rows tell a process, of the sockets that stay
owners() {
	tui_keys 2
	tui_wait 'scope host' >/dev/null
	tui_keys / && tui_type 'port:8418-8419' && tui_keys Enter
	tui_wait '2 of [0-9]+ sockets' >/dev/null
	tui_wait 'python3 .*:8418' >/dev/null && tui_wait 'sockeye .*:8419' >/dev/null
	tui_screen | grep -Ec "(python3|sockeye) +[0-9]+ tcp +LISTEN"
}
as none "$box/sockeye" run listen.sock >/dev/null 2>&1 &
wait_for 10 listening 8419
chmod 755 .
"$SOCKEYE" dump -c 1 -w "$box/home/root.pcapng" >/dev/null 2>"$TMPDIR/err"
like "root without sudo, another user's folder: what to do is said" "$(cat "$TMPDIR/err")" 'ermission denied.*--no-sandbox'
for option in --sandbox-strict --no-sandbox; do
	tui_start 120x36 setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all env HOME="$box/home" \
		"$box/sockeye" $option
	tui_wait 'no privileges' >/dev/null
	tui_keys 2
	check "without a privilege: one's own processes are told with $option" tui_wait 'sockeye +[0-9]+ tcp +LISTEN.*:8419' 8
	check "others are hidden" tui_wait 'owners hidden'
	tui_keys q
	tui_gone 5 >/dev/null
	tui_start 120x36 "$SOCKEYE" $option
	tui_wait 'scope mine' >/dev/null
	is "owners with $option" "$(owners)" 2
	tui_keys Escape q
	tui_gone 5 >/dev/null
done

tui_start 120x36 "$SOCKEYE" --no-sandbox
check "--no-sandbox says so" tui_wait 'no sandbox'
like "and keeps everything" "$(grep CapEff "/proc/$(tui_pid)/status")" '[1-9a-f]'
is "with no broker" "$(helper_of "$(tui_pid)")" ''
tui_keys q
tui_gone 5 >/dev/null

"$SOCKEYE" run - <<<'wait 5s' >/dev/null &
running=$!
check "run sets no_new_privs" wait_for 5 grep -q '^NoNewPrivs:.1$' "/proc/$running/status"
like "its capabilities stay" "$(grep CapEff "/proc/$running/status")" '[1-9a-f]'
kill $running
"$SOCKEYE" run --sandbox-strict - <<<'wait 5s' >/dev/null &
running=$!
check "run --sandbox-strict is confined" wait_for 5 confined $running
kill $running
exits "--sandbox-write wants a directory" 2 "$SOCKEYE" dump --sandbox-write /no/such -r x
like "and says so" "$err" '/no/such is no directory'
exits "--no-sandbox --sandbox-strict contradict each other" 2 "$SOCKEYE" dump --no-sandbox --sandbox-strict
kill $server
pkill -P $$ sockeye
exit $((failures > 0))
