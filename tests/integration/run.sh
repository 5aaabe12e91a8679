#!/bin/bash
# sockeye run: output, exit codes, JSON, errors at their place.
source "$(dirname "$0")/../harness/lib.sh"
need "$PYTHON"

script() { cat >"$TMPDIR/$1"; }

exits "no script" 2 "$SOCKEYE" run
like "says so" "$err" '^sockeye: .*script'
exits "an unknown option" 2 "$SOCKEYE" run --nonsense x
like "names it" "$err" 'nonsense'
exits "an unknown subcommand" 2 "$SOCKEYE" nonsense
exits "a missing file" 2 "$SOCKEYE" run "$TMPDIR/nowhere"
exits "--json alone" 2 "$SOCKEYE" --json
exits "--help" 0 "$SOCKEYE" --help
exits "--version" 0 "$SOCKEYE" -V
exits "no terminal" 2 "$SOCKEYE" --no-capture

script good <<'S'
c = socket inet stream
c.connect $echo.tcp
c.send "h\xc3\xa9\n"
c.recv
c.close
S
exits "a good script" 0 "$SOCKEYE" run "$TMPDIR/good"
like "its total" "$out" '^5 passed, 0 failed$'
like "a call with its result" "$out" 'connect\([0-9]+, 127\.0\.0\.1:[0-9]+\) = 0 .*CLOSED → ESTABLISHED'
exits "from standard input" 0 "$SOCKEYE" run - <"$TMPDIR/good"

script bad <<'S'
c = socket inet stream
c.conect 127.0.0.1:1
c.connect 127.0.0.1:99999
c.send "open
S
exits "a script that does not parse" 2 "$SOCKEYE" run "$TMPDIR/bad"
like "the first error's place" "$err" "bad:2:1: "
like "the second error's place" "$err" "bad:3:11: .*99999"
like "the third error's place" "$err" "bad:4:8: .*quote"
is "nothing was run" "$out" ""

printf '\tc = socket inet stream\n\tc.sned "x"\n' >"$TMPDIR/tabs"
exits "a script with tabs" 2 "$SOCKEYE" run "$TMPDIR/tabs"
like "the caret stands below the word" "$err" '^ {5}\^$'
like "letters that changed places are understood" "$err" 'did you mean "send"'
script begun <<'S'
c = socket inet stream
c.connect 127.0.0.1:1 nowait
c.expect error ECONNREFUSED
d = socket inet stream
d.connect 127.0.0.1:1 nowait
d.expect error EINPROGRESS
S
exits "what comes of a connect that is not waited for" 0 "$SOCKEYE" run "$TMPDIR/begun"
printf 'c = socket inet stream\nc.connect $echo.tcp nowait\nc.expect error ECONNREFUSED\n' >"$TMPDIR/well"
exits "it succeeded" 1 "$SOCKEYE" run "$TMPDIR/well"
like "and that is told" "$out" 'expected ECONNREFUSED, but connect succeeded'
printf 's = socket inet stream\ns.send "日本\\q"\n' >"$TMPDIR/wide.sock"
exits "a mistake behind wide characters" 2 "$SOCKEYE" run "$TMPDIR/wide.sock"
like "its column counts characters" "$err" 'wide\.sock:2:11: unknown escape'
like "its caret counts cells" "$err" '^ {16}\^$'
printf '\357\273\277socket inet stream\r\n' >"$TMPDIR/marked.sock"
exits "a file that an editor of Windows wrote" 0 "$SOCKEYE" run "$TMPDIR/marked.sock"

script refused <<'S'
c = socket inet stream
c.connect 127.0.0.1:1
c.close
S
exits "a call that fails" 1 "$SOCKEYE" run "$TMPDIR/refused"
like "stops there" "$out" '^1 passed, 1 failed, 1 skipped$'
exits "--keep-going" 1 "$SOCKEYE" run --keep-going "$TMPDIR/refused"
like "goes on" "$out" '^2 passed, 1 failed$'

script expected <<'S'
c = socket inet stream
c.connect 127.0.0.1:1
c.expect error ECONNREFUSED
c.expect error EPIPE
S
exits "an expectation that fails" 1 "$SOCKEYE" run "$TMPDIR/expected"
like "expected and seen" "$out" 'expected EPIPE.*ECONNREFUSED'
like "the last events" "$out" 'call +connect\('

exits "JSON" 0 "$SOCKEYE" run --json "$TMPDIR/good"
check "each line fits the schema" "$PYTHON" tests/integration/validate.py assets/schema/run.json <<<"$out"
like "bytes that are UTF-8 stay" "$out" '"data":"hé\\n"'

script hang <<'S'
set timeout 50ms
c = socket inet stream
c.connect $echo.tcp
c.recv
S
exits "a timeout" 1 "$SOCKEYE" run --json "$TMPDIR/hang"
like "is told" "$out" '"call":"recv","result":"timeout"'

"$SOCKEYE" run - <<<'wait 60s' >"$TMPDIR/out" 2>&1 &
pid=$!
check "it runs" wait_for 5 grep -q SigBlk "/proc/$pid/status"
check "it waits" wait_for 5 bash -c "grep -q 'poll' /proc/$pid/wchan || grep -q S /proc/$pid/stat"
wait_for 5 bash -c "(( 0x\$(awk '/SigBlk/ {print \$2}' /proc/$pid/status) & 2 ))" # SIGINT is handled by then
kill -INT $pid
wait $pid
check "SIGINT ends it with the summary" grep -q 'passed' "$TMPDIR/out"
exit $((failures > 0))
