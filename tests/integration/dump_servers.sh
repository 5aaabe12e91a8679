#!/bin/bash
# sockeye dump beside servers as they are in the world: nginx, redis, dnsmasq and openssl s_server, captured while
# clients talk to them, and decoded; with their owners.
source "$(dirname "$0")/../harness/lib.sh"
need "$PYTHON" curl
PATH=$PATH:/usr/sbin
cd "$TMPDIR" || exit 1

# captured FILE: begin to record; ended: everything is there, up to a datagram with a mark
captured() {
	"$SOCKEYE" dump -i lo -w "$1" 2>dump.err &
	recorder=$! recorded=$1
	wait_for 10 eval 'say go; "$SOCKEYE" dump -r "$recorded" 2>/dev/null | grep -q "→ 9 "'
}
say() { printf '%s' "$1" >/dev/udp/127.0.0.1/9; }
ended() {
	wait_for 10 eval 'say the-last-one; grep -q the-last-one "$recorded"'
	kill -INT "$recorder"
	wait "$recorder"
}
field() { "$PYTHON" -c 'import json, sys; print(sorted({str(eval(sys.argv[1])) for l in sys.stdin if (p := json.loads(l))}))' "$1"; }

if command -v nginx >/dev/null; then
	mkdir -p nginx/html
	head -c 100000 /dev/urandom >nginx/html/bytes.bin
	cat >nginx/conf <<-C
		daemon off; master_process off; pid $TMPDIR/nginx/pid; error_log $TMPDIR/nginx/log;
		events {} http { access_log off; client_body_temp_path $TMPDIR/nginx/b; proxy_temp_path $TMPDIR/nginx/p;
		fastcgi_temp_path $TMPDIR/nginx/f; uwsgi_temp_path $TMPDIR/nginx/u; scgi_temp_path $TMPDIR/nginx/s;
		server { listen 127.0.0.1:8080; root $TMPDIR/nginx/html; } }
	C
	nginx -c "$TMPDIR/nginx/conf" -p "$TMPDIR/nginx" 2>nginx/err &
	check "nginx listens" wait_for 10 listening 8080
	captured nginx.pcapng
	check "two files over one connection" curl -sf --noproxy '*' -o one http://127.0.0.1:8080/bytes.bin \
		-o two 'http://127.0.0.1:8080/bytes.bin?again'
	curl -s --noproxy '*' http://127.0.0.1:8080/none >/dev/null
	ended
	exits "its messages" 0 "$SOCKEYE" dump -r nginx.pcapng --messages
	like "a question" "$out" 'HTTP GET /bytes\.bin\?again HTTP/1\.1'
	is "answers" "$(grep -c 'HTTP HTTP/1.1 200 OK' <<<"$out")" 2
	like "an error" "$out" 'HTTP HTTP/1\.1 404 Not Found'
	exits "its bodies" 0 "$SOCKEYE" dump -r nginx.pcapng --extract bodies
	is "byte for byte" "$(cat bodies/*bytes.bin | cksum)" "$(cat nginx/html/bytes.bin nginx/html/bytes.bin | cksum)"
	exits "the flows" 0 "$SOCKEYE" dump -r nginx.pcapng --flows --json tcp
	is "their application" "$(field 'p["application"]' <<<"$out")" "['http']"
	is "how they ended" "$(field 'p["tcp"]["ended"]' <<<"$out")" "['fin']"
	is "the server's process" "$(field 'p["sides"][1]["owner"]["process"]' <<<"$out")" "['nginx']"
else
	skip "nginx" "is not installed"
fi

if command -v redis-server >/dev/null; then
	redis-server --port 7102 --bind 127.0.0.1 --save '' --dir "$TMPDIR" >/dev/null 2>&1 &
	check "redis listens" wait_for 10 listening 7102
	captured redis.pcapng
	exec 8<>/dev/tcp/127.0.0.1/7102
	printf 'SET key value\r\nGET key\r\n' >&8
	IFS= read -r first <&8
	IFS= read -r length <&8
	IFS= read -r second <&8
	exec 8>&-
	is "redis answers" "$first$length$second" $'+OK\r$5\rvalue\r'
	ended
	flow=$("$SOCKEYE" dump -r redis.pcapng --flows --json 'tcp port 7102' | field 'p["flow"]')
	exits "its stream" 0 "$SOCKEYE" dump -r redis.pcapng --stream "${flow//[^0-9]/}" --side 1 --as raw 'tcp port 7102'
	is "what it said" "$out" $'+OK\r\n$5\r\nvalue\r'
	is "its process" "$("$SOCKEYE" dump -r redis.pcapng --flows --json 'tcp port 7102' |
		field 'p["sides"][1]["owner"]["process"]')" "['redis-server']"
else
	skip "redis" "is not installed"
fi

if command -v dnsmasq >/dev/null; then
	dnsmasq -k -p 53 -a 127.0.0.1 -z -R -h -u root --pid-file= --address=/host.test/192.0.2.7 \
		--txt-record=text.test,words --cname=other.test,host.test 2>dnsmasq.err &
	check "dnsmasq listens" wait_for 10 listening 53 udp
	captured dns.pcapng
	"$PYTHON" -c '
import socket
def ask(name, kind):
    labels = b"".join(bytes([len(w)]) + w.encode() for w in name.split(".")) + b"\0"
    return b"\x12\x34\x01\0\0\1\0\0\0\0\0\0" + labels + kind.to_bytes(2, "big") + b"\0\1"
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.settimeout(5)
u.connect(("127.0.0.1", 53))
for name, kind in ("host.test", 1), ("text.test", 16), ("nobody.test", 1):
    u.send(ask(name, kind))
    u.recv(2000)
t = socket.create_connection(("127.0.0.1", 53), 5)
q = ask("host.test", 1)
t.sendall(len(q).to_bytes(2, "big") + q)
t.recv(2000)'
	ended
	exits "its messages" 0 "$SOCKEYE" dump -r dns.pcapng --messages 'port 53'
	is "questions over UDP and TCP" "$(grep -c 'query .*A? host\.test' <<<"$out")" 2
	is "answers" "$(grep -c '192\.0\.2\.7' <<<"$out")" 2
	like "another type" "$out" 'response 0x1234 TXT\? text\.test TXT'
	is "its process" "$("$SOCKEYE" dump -r dns.pcapng --flows --json 'udp port 53' |
		field 'p["sides"][1]["owner"]["process"]')" "['dnsmasq']"
else
	skip "dnsmasq" "is not installed"
fi

if command -v openssl >/dev/null; then
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost 2>/dev/null
	openssl s_server -key key.pem -cert cert.pem -port 4433 -alpn http/1.1 -www -quiet >/dev/null 2>&1 &
	check "s_server listens" wait_for 10 listening 4433
	captured tls.pcapng
	curl -sk --noproxy '*' --resolve name.test:4433:127.0.0.1 https://name.test:4433/ >/dev/null
	ended
	exits "its handshake" 0 "$SOCKEYE" dump -v --json -r tls.pcapng 'tcp port 4433'
	like "the name that was asked for" "$out" '"name":"tls.handshake.extensions_server_name","value":"name\.test"'
	like "the protocol" "$out" '"name":"tls.handshake.extensions_alpn_str","value":"http/1\.1"'
	is "its process" "$("$SOCKEYE" dump -r tls.pcapng --flows --json 'tcp port 4433' |
		field 'p["sides"][1]["owner"]["process"]')" "['openssl']"
else
	skip "openssl" "is not installed"
fi
exit $((failures > 0))
