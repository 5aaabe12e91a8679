#!/bin/bash
# Keys at random, while sockets of every kind come and go: nothing may crash, hang, leak or leave the terminal behind.
# A few seconds of it; SEED=7 SECONDS=3600 bash tests/tui/monkey.sh goes on for an hour, and with CAPTURES=DIRECTORY it opens
# those files, too. The program with sanitizers is taken where it is built.
source "$(dirname "$0")/../harness/lib.sh"
need tmux "$PYTHON" setarch

asan=$TOP/build/asan/sockeye
[ "$SOCKEYE" != "$TOP/sockeye" ] || [ ! "$asan" -nt "$SOCKEYE" ] || SOCKEYE=$asan
seed=${SEED:-1}
out=$("$PYTHON" tests/tui/monkey.py "$seed" $((SECONDS > 8 ? SECONDS : 8)) 2>&1) && ok "keys at random: ${out##*$'\n'}" ||
	not_ok "keys at random, from seed $seed" "$out"
exit $((failures > 0))
