#!/bin/bash
# sockeye list against servers as they are in the world, seen by their owner and by somebody else: nginx with its
# workers, redis, a forked listener that several processes share.
source "$(dirname "$0")/../harness/lib.sh"
need "$PYTHON" setpriv

ask() { # EXPRESSION [OPTIONS…]
	local expression=$1
	shift
	"$SOCKEYE" list --json "$@" 2>/dev/null | "$PYTHON" -c '
import json, sys
s = [json.loads(l) for l in sys.stdin]
print(eval(sys.argv[1]))' "$expression"
}

"$PYTHON" -c '
import os, socket, sys
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", 7100)); s.listen()
os.fork(); os.fork()
sys.stdin.read()' < <(exec sleep 600) &
check "a shared listener" wait_for 10 listening 7100
check "has four owners" wait_for 5 bash -c "[ \$(\"$SOCKEYE\" list -Htl --columns pid port:7100 | wc -w) = 4 ]"
is "each with its descriptor" "$(ask 'len(set((o["pid"], o["fd"]) for o in s[0]["owners"]))' -tl port:7100)" 4

if command -v nginx >/dev/null || [ -x /usr/sbin/nginx ]; then
	mkdir "$TMPDIR/nginx"
	cat >"$TMPDIR/nginx/conf" <<-C
		daemon off; worker_processes 2; pid $TMPDIR/nginx/pid; error_log $TMPDIR/nginx/log;
		events {} http { access_log off; client_body_temp_path $TMPDIR/nginx/b; proxy_temp_path $TMPDIR/nginx/p;
		fastcgi_temp_path $TMPDIR/nginx/f; uwsgi_temp_path $TMPDIR/nginx/u; scgi_temp_path $TMPDIR/nginx/s;
		server { listen 127.0.0.1:7101; } }
	C
	PATH=$PATH:/usr/sbin nginx -c "$TMPDIR/nginx/conf" -p "$TMPDIR/nginx" 2>"$TMPDIR/nginx/err" &
	if check "nginx listens" wait_for 10 listening 7101; then
		check "its master and its workers have the port" \
			wait_for 5 bash -c "[ \$(\"$SOCKEYE\" list -Htl --columns pid port:7101 | wc -w) = 3 ]"
		is "by name" "$("$SOCKEYE" list -Htl --columns process port:7101)" nginx
		exec 8<>/dev/tcp/127.0.0.1/7101
		# Until a worker has accepted it, the server's end has no owner.
		check "a worker accepts" wait_for 5 bash -c \
			"\"$SOCKEYE\" list -Ht --columns process state:established sport:7101 | grep -q nginx"
		is "a connection has a worker at one end and this shell at the other" \
			"$(ask '[(x["owners"][0]["process"], x["peer_owners"][0]["process"]) for x in s]' -t sport:7101 state:established)" \
			"[('nginx', 'bash')]"
		is "a filter by process" "$(ask 'set(o["process"] for x in s for o in x["owners"])' proc:nginx)" "{'nginx'}"
		exec 8>&-
	fi
else
	skip "nginx" "is not installed"
fi

if command -v redis-server >/dev/null; then
	redis-server --port 7102 --bind 127.0.0.1 --unixsocket "$TMPDIR/redis.sock" --save '' --dir "$TMPDIR" >/dev/null 2>&1 &
	if check "redis listens" wait_for 10 listening 7102; then
		is "over TCP" "$(ask 's[0]["owners"][0]["process"]' -tl port:7102)" redis-server
		check "and UNIX" wait_for 5 test -S "$TMPDIR/redis.sock"
		is "with one owner" "$(ask 's[0]["owners"][0]["process"]' -xl "src:$TMPDIR/redis.sock")" redis-server
	fi
else
	skip "redis" "is not installed"
fi

if command -v dnsmasq >/dev/null || [ -x /usr/sbin/dnsmasq ]; then
	# shellcheck disable=SC2046
	PATH=$PATH:/usr/sbin dnsmasq --keep-in-foreground --no-resolv --no-hosts --port=7104 --listen-address=127.0.0.1 \
		--bind-interfaces --conf-file=/dev/null --pid-file="$TMPDIR/dnsmasq.pid" --user=$(id -un) >/dev/null 2>&1 &
	if check "dnsmasq listens" wait_for 10 listening 7104; then
		is "over UDP and TCP, with one owner" \
			"$(ask 'sorted((x["proto"], x["state"], x["owners"][0]["process"]) for x in s)' -tu sport:7104)" \
			"[('tcp', 'LISTEN', 'dnsmasq'), ('udp', 'UNCONNECTED', 'dnsmasq')]"
	fi
else
	skip "dnsmasq" "is not installed"
fi

# TLS, and a client that waits for an answer that does not come.
if command -v openssl >/dev/null && command -v curl >/dev/null; then
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$TMPDIR/key" -out "$TMPDIR/cert" -days 2 -subj /CN=localhost 2>/dev/null
	openssl s_server -accept 127.0.0.1:7105 -key "$TMPDIR/key" -cert "$TMPDIR/cert" -quiet \
		< <(exec sleep 600) >/dev/null 2>&1 &
	if check "openssl s_server listens" wait_for 10 listening 7105; then
		curl -ks --max-time 60 https://127.0.0.1:7105/ >/dev/null 2>&1 &
		check "curl is connected" wait_for 10 bash -c \
			"[ \"\$('$SOCKEYE' list -Ht --columns process state:established port:7105 | sort | xargs)\" = 'curl openssl' ]"
		is "each end knows the other" \
			"$(ask 'sorted((x["owners"][0]["process"], x["peer_owners"][0]["process"]) for x in s)' -t port:7105 state:established)" \
			"[('curl', 'openssl'), ('openssl', 'curl')]"
		same_bytes() { # once the handshake is over
			[ "$(ask 'sorted(x["tcp"]["bytes_sent"] for x in s) == sorted(x["tcp"]["bytes_received"] for x in s) \
				and min(x["tcp"]["bytes_sent"] for x in s) > 500' -t port:7105 state:established)" = True ]
		}
		check "what one has sent the other has received" wait_for 5 same_bytes
		is "found by its process" "$(ask 'len(s)' -t proc:curl)" 1
		is "and by ss's words" "$(ask 's[0]["owners"][0]["process"]' -t dport = :7105)" curl
	fi
else
	skip "openssl and curl" "are not installed"
fi

# A socket in TIME-WAIT, and one whose process is gone.
"$PYTHON" -c '
import socket
s = socket.socket(); s.bind(("127.0.0.1", 7103)); s.listen()
c = socket.socket(); c.connect(("127.0.0.1", 7103)); a = s.accept()[0]
c.close(); a.recv(1); a.close()'
is "TIME-WAIT says so" "$(ask 'set(x["owner_reason"] for x in s)' -t port:7103 state:time-wait)" "{'time-wait'}"

# Somebody else sees the sockets, but not whose they are: each says why, and one line hints.
(need_root) >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && nobody=yes || nobody=
if [ "$nobody" ] && ! grep -q '^ *0 .* 1$' /proc/self/uid_map; then
	cp "$SOCKEYE" "$TMPDIR/sockeye"
	chmod 755 "$TMPDIR" "$TMPDIR/sockeye"
	as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$TMPDIR/sockeye" list "$@"; }
	exits "as nobody" 0 as_nobody --json
	check "every missing owner has a reason" "$PYTHON" -c '
import json, sys
s = [json.loads(l) for l in open(sys.argv[1])]
assert s
for x in s: assert bool(x["owners"]) != bool(x["owner_reason"]), x
assert any(x["owner_reason"] == "no-permission" for x in s)' "$TMPDIR/.out"
	is "one line hints" "$(grep -c 'hidden.*root' <<<"$err")" 1
	exits "as nobody, in text" 0 as_nobody -tl port:7100
	like "the reason stands for the owner" "$out" '127\.0\.0\.1:7100 .*\(no-permission\)$'
	exits "destroying needs a capability" 3 as_nobody -K --yes port:7100
	like "which is named" "$err" 'CAP_NET_ADMIN'
	exits "without owners there is no hint" 0 as_nobody --no-owners
	is "indeed" "$err" ""
else
	skip "as nobody" "needs root"
fi
exit $((failures > 0))
