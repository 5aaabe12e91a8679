#!/bin/bash
# TLS that a key log opens, on the screen: in the stream, in an open packet, from the secrets of a pcapng, and live.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need openssl curl
cd "$TMPDIR" || exit 1

openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost 2>/dev/null
echo "<html>a body</html>" >page.html
openssl s_server -key key.pem -cert cert.pem -port 4433 -WWW -quiet >/dev/null 2>&1 &
check "a server listens" wait_for 10 listening 4433
export SSLKEYLOGFILE=$TMPDIR/keys.log
get() { curl -sk --noproxy '*' --max-time 10 "$@" https://localhost:4433/page.html; }

"$SOCKEYE" dump -i lo -w tls.pcapng 'tcp port 4433' 2>dump.err &
pid=$!
check "it is captured" wait_for 10 bash -c 'SSLKEYLOGFILE= curl -sk --noproxy "*" https://localhost:4433/page.html >/dev/null
	[ "$("$0" dump -r tls.pcapng | wc -l)" -gt 8 ]' "$SOCKEYE"
check "another connection" get -o body
check "is captured to its end" wait_for 10 bash -c '[ "$("$0" dump --flows -r tls.pcapng | grep -c "fin")" -ge 2 ]' "$SOCKEYE"
kill -INT $pid
wait $pid
"$SOCKEYE" dump -r tls.pcapng --keylog keys.log -w secrets.pcapng
flow=$("$SOCKEYE" dump -r secrets.pcapng --json | grep -m1 'decrypted: GET' | sed 's/.*"flow":\([0-9]*\).*/\1/')
number=$("$SOCKEYE" dump -r secrets.pcapng --json | grep -m1 'decrypted: GET' | sed 's/.*"number":\([0-9]*\).*/\1/')
in_flow=$("$SOCKEYE" dump -r secrets.pcapng --json | awk -v n="$number" -v f="\"flow\":$flow," \
	'index($0, f) { i++ } index($0, "\"number\":" n ",") { print i; exit }')

# The flow's row is found by its number: flows stand in the order in which they began, below "all packets".
to_flow() {
	for ((i = 0; i <= flow; i++)); do tui_keys j; done
}

tui_start 120x36 "$SOCKEYE" -r tls.pcapng
check "without a key log" tui_wait 'read to its end'
to_flow
tui_keys f
check "the stream is as it came" tui_wait '\\x16\\x03'
tui_keys q
tui_end

for how in "-r tls.pcapng --keylog keys.log" "-r secrets.pcapng"; do
	# shellcheck disable=SC2086
	tui_start 120x36 "$SOCKEYE" $how
	check "$how" tui_wait 'read to its end'
	to_flow
	tui_keys f
	tui_keys z
	check "the question is read" tui_wait '\[HTTP \(decrypted\) GET /page.html'
	check "and the answer" tui_wait '<html>a body</html>'
	check "the title says so" tui_wait 'stream · text \(h\) · decrypted'
	check "the hello is a line of its own" tui_wait '\[TLS.*Client Hello'
	unlike "no ciphertext" "$(tui_screen)" '\\x17\\x03\\x03'
	tui_type ':write body.in'
	tui_keys Enter
	check "it is saved" wait_for 5 grep -q 'a body' body.in
	tui_keys z t
	check "the packets" tui_wait ' of [0-9]+ packets'
	tui_keys g
	for ((i = 1; i < in_flow; i++)); do tui_keys j; done
	tui_keys Enter
	check "the packet" tui_wait "packet $number"
	tui_keys z G
	check "has what is inside" tui_wait 'Decrypted TLS record'
	check "its fields" tui_wait 'Hypertext Transfer Protocol|HTTP'
	check "and the bytes of the record" tui_wait '47 45 54 20 2f'
	check "which are told" tui_wait ' decrypted'
	tui_keys q
	tui_end
	rm -f body.in
done

# Live: the secrets come while it runs, after the packets.
: >keys.log
mkfifo in
openssl s_server -key key.pem -cert cert.pem -port 4434 -rev -quiet >/dev/null 2>&1 &
check "another server" wait_for 10 listening 4434
tui_start 120x36 "$SOCKEYE" -i lo --keylog keys.log -w record.pcapng --scope host --filter "dport:4434"
check "live" tui_wait 'lo · 0 packets'
openssl s_client -connect localhost:4434 -quiet -keylogfile later.log <in >/dev/null 2>&1 &
exec 3>in
check "a connection" tui_wait 'openssl .* ESTABLISHED'
tui_keys g f z
check "is not read yet" tui_wait '\[TLS Application Data'
was=$(tui_screen | grep -o '[0-9]* packets' | head -1)
echo 'words that nobody else reads' >&3
check "its bytes came" tui_wait_not "· $was"
unlike "are no words" "$(tui_screen)" 'sdaer'
cat later.log >>keys.log
check "once the secrets are there they are" tui_wait 'sdaer esle ydobon taht sdrow' 10
exec 3>&-
tui_keys q
is "it ends" "$(tui_gone 5)" 0
tui_end
check "the recording has the secrets" grep -qa CLIENT_TRAFFIC_SECRET_0 record.pcapng

exits "no such key log" 1 script -qec "'$SOCKEYE' --keylog nowhere" /dev/null
like "is told" "$out$err" 'nowhere: No such file'
exit $((failures > 0))
