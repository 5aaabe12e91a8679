#!/bin/bash
# sockeye dump --keylog: TLS of real clients and servers, from a file, from secrets in a pcapng, and live.
source "$(dirname "$0")/../harness/lib.sh"
need openssl curl tshark "$PYTHON"
cd "$TMPDIR" || exit 1

openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost 2>/dev/null
echo "<html>a body</html>" >page.html
openssl s_server -key key.pem -cert cert.pem -port 4433 -WWW -quiet >/dev/null 2>&1 &
openssl s_server -key key.pem -cert cert.pem -port 4434 -WWW -quiet -no_etm -cipher ALL >/dev/null 2>&1 &
check "a server listens" wait_for 10 listening 4433
check "and one that has the MAC before the padding" wait_for 10 listening 4434
url=https://localhost:4433/page.html
export SSLKEYLOGFILE=$TMPDIR/keys.log
client() { curl -sk --noproxy '*' --max-time 10 "$@" "$url" >>got 2>&1; }

"$SOCKEYE" dump -i lo -w tls.pcapng 'tcp port 4433 or tcp port 4434' 2>dump.err &
pid=$!
check "it is captured" wait_for 10 bash -c 'SSLKEYLOGFILE=/dev/null curl -sk --noproxy "*" '"$url"' >/dev/null; [ -s tls.pcapng ] &&
	[ "$("$SOCKEYE" dump -r tls.pcapng | wc -l)" -gt 8 ]'
suites12="ECDHE-RSA-AES128-GCM-SHA256 ECDHE-RSA-AES256-GCM-SHA384 ECDHE-RSA-CHACHA20-POLY1305 AES128-GCM-SHA256"
suites_cbc="ECDHE-RSA-AES128-SHA ECDHE-RSA-AES256-SHA384 AES128-SHA256"
suites13="TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256"
for suite in $suites13; do check "$suite" client --tlsv1.3 --tls13-ciphers "$suite"; done
for suite in $suites12; do check "$suite" client --tls-max 1.2 --ciphers "$suite"; done
for suite in $suites_cbc; do check "$suite" client --tls-max 1.2 --ciphers "$suite"; done
url=https://localhost:4434/page.html
for suite in $suites_cbc; do check "$suite, MAC before padding" client --tls-max 1.2 --ciphers "$suite"; done
check "ARIA is not opened" client --tls-max 1.2 --ciphers ECDHE-ARIA128-GCM-SHA256
url=https://localhost:4433/page.html
curl -s --noproxy '*' --max-time 10 http://localhost:4433/the-last-one >/dev/null 2>&1
check "all was captured" wait_for 10 grep -q the-last-one tls.pcapng
kill -INT $pid
wait $pid

# The server's hello tells the suite
flows=$("$SOCKEYE" dump --json -v -r tls.pcapng | "$PYTHON" -c '
import json, sys
for line in sys.stdin:
    p = json.loads(line)
    for f in p.get("fields", []):
        if f["name"] == "tls.handshake.ciphersuite" and p["sport"] in (4433, 4434):
            print(p["flow"], int(f["value"], 0), p["sport"])')
opened=0
for suite in {0x1301,0x1302,0x1303,0xc02f,0xc030,0xcca8,0x009c}:4433 {0xc013,0xc028,0x003c}:443{3,4}; do
	number=${suite%:*} port=${suite#*:}
	flow=$(awk -v n=$((number)) -v p="$port" '$2 == n && $3 == p { f = $1 } END { print f }' <<<"$flows")
	exits "$number" 0 "$SOCKEYE" dump -r tls.pcapng --keylog keys.log --stream "$flow"
	like "$number: the question" "$out" '^GET /page\.html HTTP/1\.1$'
	like "$number: the answer" "$out" '^<html>a body</html>$'
	unlike "$number: nothing else" "$out" '\\x16'
	opened=$((opened + 1))
done
flow=$(awk '$2 == 49248 { f = $1 } END { print f }' <<<"$flows")
exits "ARIA" 0 "$SOCKEYE" dump -r tls.pcapng --keylog keys.log --stream "$flow"
like "stays as it came" "$out" '^\\x16\\x03\\x01'

exits "without a key log" 0 "$SOCKEYE" dump -r tls.pcapng --messages
unlike "nothing is decrypted" "$out" 'decrypted'
exits "messages" 0 "$SOCKEYE" dump -r tls.pcapng --keylog keys.log --messages --json
check "they fit the schema" "$PYTHON" "$TOP/tests/integration/validate.py" "$TOP/assets/schema/message.json" <<<"$out"
is "each question" "$(grep -c '"protocol":"http".*"decrypted":true,"message":"GET /page' <<<"$out")" $opened
is "each answer" "$(grep -c '"protocol":"http".*"decrypted":true,"message":"HTTP/1.0 200' <<<"$out")" $opened
exits "JSON" 0 "$SOCKEYE" dump --json -r tls.pcapng --keylog keys.log
check "it fits the schema" "$PYTHON" "$TOP/tests/integration/validate.py" "$TOP/assets/schema/dump.json" <<<"$out"
is "info says so" "$(grep -c '"info":"[^"]*\[decrypted: GET /page.html HTTP/1.1\]"' <<<"$out")" $opened
exits "JSON with fields" 0 "$SOCKEYE" dump -v --json -r tls.pcapng --keylog keys.log
check "it fits the schema, too" "$PYTHON" "$TOP/tests/integration/validate.py" "$TOP/assets/schema/dump.json" <<<"$out"
is "each question's target, from the record's first byte" "$(grep -c \
	'"fields":\[{"name":"http.request.method","value":"GET","offset":0,"length":3},{"name":"http.request.uri","value":"/page.html"' \
	<<<"$out")" $opened
exits "the tree" 0 "$SOCKEYE" dump -v -r tls.pcapng --keylog keys.log
like "has what is inside" "$out" '^    Decrypted TLS record, [0-9]+ bytes$'

# The secrets go along, and tshark can use them, too.
exits "written" 0 "$SOCKEYE" dump -r tls.pcapng --keylog keys.log -w secrets.pcapng
exits "and written again" 0 "$SOCKEYE" dump -r secrets.pcapng -w again.pcapng
exits "read without a key log" 0 "$SOCKEYE" dump -r again.pcapng --messages
is "each question again" "$(grep -c 'HTTP (decrypted) GET' <<<"$out")" $opened
is "for tshark as well" "$(tshark -r again.pcapng -Y 'tls and http.request' -d tcp.port==4433,tls 2>/dev/null | wc -l)" $opened
exits "extracted" 0 "$SOCKEYE" dump -r again.pcapng --extract bodies
is "each body" "$(cat bodies/*page.html | grep -c 'a body')" $opened

# Live: the key log is written while the capture runs, after the packets that need it were seen.
for version in "--tlsv1.3" "--tls-max 1.2"; do
	: >keys.log
	"$SOCKEYE" dump -i lo --keylog keys.log --messages 'tcp port 4433' >live 2>/dev/null &
	pid=$!
	# shellcheck disable=SC2086
	wait_for 10 bash -c "curl -sk --noproxy '*' $version $url >/dev/null; grep -q 'decrypted) HTTP/1.0 200' live"
	like "live, $version" "$(cat live)" 'HTTP \(decrypted\) GET /page\.html'
	kill -INT $pid
	wait $pid
done
exits "no such key log" 1 "$SOCKEYE" dump -r tls.pcapng --keylog nowhere
like "is told" "$err" '^sockeye: nowhere: '
exit $((failures > 0))
