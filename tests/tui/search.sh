#!/bin/bash
# A search in a large file goes on by itself, tells how far it is, answers keys meanwhile, and Esc ends it.
source "$(dirname "$0")/../harness/lib.sh"
source "$(dirname "$0")/../harness/tui.sh"
need "$PYTHON"
cd "$TMPDIR" || exit 1

# UDP of two ports; the last packet has a word of its own.
"$PYTHON" - <<'P'
import struct
def packet(word, at, port):
    udp = struct.pack(">HHHH", 4000, port, 8 + len(word), 0) + word
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
    data = ip + udp
    return struct.pack("<IIII", 1700000000 + at // 1000, at % 1000 * 1000, len(data), len(data)) + data
COUNT = 900000
block = b"".join(packet(b"straw", at, 9) for at in range(1000))
with open("large.pcap", "wb") as f:
    f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
    for _ in range(COUNT // 1000):
        f.write(block)
    f.write(packet(b"a needle", 1001, 7))
P

tui_start 120x36 "$SOCKEYE" -r large.pcap
check "the file" tui_wait 'read to its end' 20
tui_keys Tab g
tui_type '\'
tui_type 'no such word'
tui_keys Enter
check "it goes on by itself, and tells how far it is" tui_wait 'searching .* [1-9][0-9]?%'
tui_keys '?'
check "keys are answered meanwhile" tui_wait 'Help'
tui_keys '?'
check "it goes on" tui_wait 'searching'
tui_keys Escape
check "Esc ends it" tui_wait 'stopped after [0-9]+ of 900001: N goes on from here'
unlike "and it is over" "$(tui_screen | head -1)" 'searching'
tui_keys g
tui_type '\'
tui_type needle
tui_keys Enter
check "it is found at the end" tui_wait '900001 of 900001 packets' 30
tui_keys g
tui_type '\'
tui_type 'no such word'
tui_keys Enter
check "what is not there is told" tui_wait 'not found in Traffic: no such word' 30
check "and the cursor is where it was" tui_wait ' 1 of 900001 packets'
tui_keys ']'
check "of the same kind is the next" tui_wait ' 2 of 900001 packets'
tui_keys G
tui_keys ']'
check "or none, after all were looked at" tui_wait 'no other of this kind' 30
tui_keys q
is "q ends it" "$(tui_gone 5)" 0
exit $((failures > 0))
