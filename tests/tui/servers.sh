#!/bin/bash
# Other programs' sockets on the screen: nginx, redis and curl as they are in the world. The packets of any of them, the
# cursor that stays on its socket, and what is told of those that have closed.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
PATH=$PATH:/usr/sbin
need tmux "$PYTHON" nginx redis-server redis-cli curl
need_root

mkdir "$TMPDIR/nginx" "$TMPDIR/www"
chmod 755 "$TMPDIR" "$TMPDIR/nginx" "$TMPDIR/www"
head -c 300000 /dev/zero | tr '\0' x >"$TMPDIR/www/big"
cat >"$TMPDIR/nginx/conf" <<-C
	daemon off; worker_processes 1; pid $TMPDIR/nginx/pid; error_log $TMPDIR/nginx/log; user root;
	events {} http { access_log off; client_body_temp_path $TMPDIR/nginx/b; proxy_temp_path $TMPDIR/nginx/p;
	fastcgi_temp_path $TMPDIR/nginx/f; uwsgi_temp_path $TMPDIR/nginx/u; scgi_temp_path $TMPDIR/nginx/s;
	server { listen [::]:8461 ipv6only=off; root $TMPDIR/www; } }
C
nginx -c "$TMPDIR/nginx/conf" -p "$TMPDIR/nginx" 2>/dev/null &
redis-server --port 8462 --bind 127.0.0.1 --save '' --dir "$TMPDIR" >/dev/null &
mkfifo "$TMPDIR/do"
"$PYTHON" tests/harness/traffic.py 8463 <"$TMPDIR/do" >"$TMPDIR/said" &
exec 7>"$TMPDIR/do"
for port in 8461 8462 8463; do check "a server on $port" wait_for 10 listening $port; done
"$PYTHON" -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("0.0.0.0", 8464))
while True: s.sendto(*s.recvfrom(1000))' &
check "a UDP socket without a peer" wait_for 10 listening 8464 udp
fetch() { curl -s -o /dev/null "http://127.0.0.1:8461/big"; }
udp() { "$PYTHON" -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b"ping", ("127.0.0.1", 8464)); s.recv(100)'; }
chosen() { # what the line under the cursor of the first pane has
	tui_screen -e | sed '/Traffic/,$d' | grep -a $'\e\[[0-9;]*48[;:]' | sed 's/\x1b\[[0-9;:]*m//g'
}
is_chosen() { chosen | grep -Eq -- "$1"; }

tui_start 120x40 "$SOCKEYE" --scope host -i lo
check "nginx with its processes" tui_wait 'nginx +[0-9]+\+ +tcp6 +LISTEN +\[::\]:8461'
check "redis" tui_wait 'redis-ser[a-z…]* +[0-9]+ +tcp +LISTEN +127\.0\.0\.1:8462'

# --- the packets of whatever is selected ---
tui_type "/port:8461 state:listen"
tui_keys Enter
check "a wildcard listener of both families" wait_for 5 is_chosen '\[::\]:8461'
fetch
check "has the packets of its clients over IPv4" tui_wait '← [0-9]+ → 8461 \[F\.\]'
tui_keys /
tui_keys C-u
tui_type "filter port:8464"
tui_keys Enter
check "a UDP socket without a peer is found" wait_for 5 is_chosen 'udp +UNCONNECTED +0\.0\.0\.0:8464'
udp
check "and has its datagrams, both ways" tui_wait '← [0-9]+ → 8464 +(udp )?len=4|← [0-9]+ → 8464'
check "what goes back, too" tui_wait '→ 8464 → [0-9]+'
exec 8<>/dev/tcp/127.0.0.1/8461
tui_keys /
tui_keys C-u
tui_type "filter sport:8461 state:established"
tui_keys Enter
check "an accepted v4-mapped connection" wait_for 5 is_chosen 'nginx.*tcp6 +ESTABLISHED'
printf 'GET / HTTP/1.0\r\n' >&8
check "has its packets" tui_wait '← [0-9]+ → 8461 \[P\.\]'
exec 8>&-

# --- the cursor stays on its socket ---
tui_keys /
tui_keys C-u
tui_type "filter port:8462"
tui_keys Enter
check "redis is selected" wait_for 5 is_chosen '127\.0\.0\.1:8462'
tui_keys /
tui_keys C-u
tui_type "filter proto:tcp"
tui_keys Enter
check "TCP only" tui_wait 'filter proto:tcp'
check "redis is still selected" wait_for 5 is_chosen '127\.0\.0\.1:8462'
echo churn >&7
check "while others come and go" tui_wait '(TIME-WAIT|CLOSED) +127\.0\.0\.1:'
for _ in 1 2 3 4 5; do
	tui_keys o
	check "sorted by the next column, the cursor is on redis" wait_for 3 is_chosen '127\.0\.0\.1:8462'
done
tui_keys O
check "the other way round" wait_for 3 is_chosen '127\.0\.0\.1:8462'
echo calm >&7
tui_keys /
tui_keys C-u
tui_type "filter port:8462"
tui_keys Enter
check "filtered, too" wait_for 5 is_chosen '127\.0\.0\.1:8462'
tui_keys 3
check "3 narrows to redis" tui_wait '(scope |· )process redis-server'
check "with its socket" wait_for 5 is_chosen '127\.0\.0\.1:8462'

# --- what has closed ---
tui_keys 2
tui_keys /
tui_keys C-u
tui_type "filter dport:8461"
tui_keys Enter
check "nothing of curl yet" tui_wait 'filter dport:8461'
fetch
tui_keys 4
check "4: curl's connection" tui_wait '× .*127\.0\.0\.1:8461' 8
tui_keys /
tui_keys C-u
tui_type "filter sport:8461"
tui_keys Enter
check "one of nginx's ends is selected" wait_for 8 is_chosen '(nginx|exited).* CLOSED'
tui_type ":columns process,state,bytes-out,local in closed"
tui_keys Enter
check "what each had sent last" tui_wait '× .* 29[0-9]\.[0-9]K .*8461' 8
tui_keys q
is "q ends it" "$(tui_gone 5)" 0
tui_end
exec 7>&-
exit $((failures > 0))
