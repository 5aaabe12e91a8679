#!/bin/bash
# An open packet with real traffic: fields and bytes, folding, searching, marks, the next of the same kind.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need tmux "$PYTHON"

cd "$TMPDIR" || exit 2
root=$OLDPWD
case $SOCKEYE in /*) ;; *) SOCKEYE=$root/$SOCKEYE ;; esac
cat >talk.sock <<'END_OF_SCRIPT'
server = socket inet stream
server.bind 127.0.0.1:0
server.listen
client = socket inet stream
client.connect $server.local
conn = server.accept
client.send "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
conn.expect recv "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
conn.send "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n"
client.expect recv "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n"
select client
END_OF_SCRIPT

tui_start 120x36 "$SOCKEYE" -i lo
tui_wait 'capture lo'
tui_type ':source talk.sock'
tui_keys Enter
tui_wait 'capture lo · 7 packets'
tui_keys Tab z g Enter
check "Enter opens the packet" tui_wait 'Traffic client · packet 1 .* bytes 0 to 13 of 74'
check "with its layers" tui_wait '▾ Transmission Control Protocol [0-9]+ to [0-9]+'
check "the bits of the flags are folded" tui_wait '▸ Flags +SYN 0x0002'
check "and its bytes" tui_wait '^.*│ 0000  00 00 00 00 00 00 00 00'

tui_keys Tab
check "Tab goes to the bytes" tui_wait 'byte 0 of 74'
tui_keys PageDown G
check "G to the last one" tui_wait 'byte 73 of 74'
check "whose field is told" tui_wait 'tcp\.options\.wscale'
tui_keys Left Left
tui_wait 'byte 71 of 74'
tui_keys Escape
check "Esc to the field" tui_wait 'bytes 71 to 73 of 74'

tui_keys g
tui_wait 'bytes 0 to 13 of 74'
tui_type '\'
check "\\ asks for a word" tui_wait '^: search $|^: search'
tui_type 'tcp.flags.syn=1'
tui_keys Enter
check "a field is found by name and value" tui_wait 'tcp\.flags\.syn: begins the numbering'
check "and unfolded" tui_wait '▾ Flags +SYN 0x0002'
tui_type 'N'
check "N goes on in the next packet that has it" tui_wait 'Traffic client · packet 2 '
tui_type '\'
tui_type 'hex:48 6f 73 74'
tui_keys Enter
check "bytes are found in a later packet" tui_wait 'Traffic client · packet 4 .*byte [0-9]+ of 93'
tui_type '\'
tui_type 'nowhere at all'
tui_keys Enter
check "what is not there is told" tui_wait 'not found in Traffic: nowhere at all'
tui_type '\'
tui_type 'hex:4'
tui_keys Enter
check "and what is no bytes" tui_wait 'pairs of hexadecimal digits'
tui_keys Escape
tui_wait_not 'pairs of hexadecimal digits'
tui_type '>'
check "> opens the next packet" tui_wait 'Traffic client · packet 5 '
tui_type '<'
tui_type '<'
check "< the one before" tui_wait 'Traffic client · packet 3 '
tui_type ']'
check "] the next of the same kind: an ACK without data" tui_wait 'Traffic client · packet [57] '
tui_keys Escape

tui_keys g
tui_type m
check "m marks" tui_wait 'marked: packet 1, [0-9:.]+; M tells times since then'
check "the mark is seen" tui_wait '^ *1\* '
tui_type M
check "M tells times since the mark" tui_wait '^ *1\* +\+0\.000000'
tui_keys Down Down
check "the time between both is told" tui_wait '[0-9.]+ (µs|ms) after packet 1'
tui_keys t
check "in the ladder, too" tui_wait 'ladder'
tui_keys q
is "ends well" "$(tui_gone 5)" 0
exit $((failures > 0))
