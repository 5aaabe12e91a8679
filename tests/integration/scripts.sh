#!/bin/bash
# Every script under assets/scripts passes, says what it teaches, and gives valid JSON with its packets.
source "$(dirname "$0")/../harness/lib.sh"

for file in assets/scripts/*.sock; do
	name=$(basename "$file" .sock)
	exits "$name passes" 0 "$SOCKEYE" run "$file"
	check "$name begins with a comment that teaches" grep -q '^# ....................' <(head -n 1 "$file")
done
for name in tcp4 half_close abort; do
	exits "$name with a capture" 0 "$SOCKEYE" run --json --capture lo "assets/scripts/$name.sock"
	check "$name: its JSON fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/run.json <<<"$out"
	check "$name: the SYN belongs to the connect" "$PYTHON" -c '
import json, sys
steps = [json.loads(line) for line in sys.stdin]
connect = next(s for s in steps if s.get("call") == "connect")
flags = [p["flags"] for p in connect["packets"]]
assert flags[:3] == ["S", "S.", "."], flags
assert connect["packets"][0]["direction"] == "out", connect["packets"][0]
' <<<"$out"
done
exit $((failures > 0))
