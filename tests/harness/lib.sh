# shellcheck shell=bash
# What the test scripts of tests/integration, tests/tui and tests/interop share. A script starts with
#
#	source "$(dirname "$0")/../harness/lib.sh"
#
# and prints one line a result: `ok NAME`, `not ok NAME`, `skip NAME REASON`; what explains a failure is indented with
# "# ". It runs in a network namespace of its own with lo up, in the top directory of the checkout, with a private
# TMPDIR (also HOME) that vanishes, as does every process that it leaves. $SOCKEYE is the program; $PYTHON a python
# with jsonschema. The script goes on after a failure and exits 1 at its end if there was one.
set -uo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$TOP" || exit 1
SOCKEYE=${SOCKEYE:-$TOP/sockeye}
case $SOCKEYE in /*) ;; *) SOCKEYE=$TOP/$SOCKEYE ;; esac
export SOCKEYE LC_ALL=C.UTF-8 TZ=UTC

# Run by hand, a script takes itself into its namespace first.
if [ -z "${SOCKEYE_NETNS-}" ]; then
	export SOCKEYE_NETNS=1
	exec "$TOP/tests/harness/netns" bash "$TOP/${0#"$TOP"/}" "$@"
fi

PYTHON=${PYTHON:-python3}
"$PYTHON" -c 'import jsonschema' 2>/dev/null || [ ! -x /usr/bin/python3 ] || PYTHON=/usr/bin/python3
export PYTHON

# by_proc FILE: makes FILE a sockeye that may not use BPF, so that owners come from /proc.
by_proc() {
	local without=
	! setpriv --bounding-set=-sys_admin,-bpf,-perfmon true 2>/dev/null ||
		without='setpriv --bounding-set=-sys_admin,-bpf,-perfmon'
	printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$without" "$SOCKEYE" >"$1"
	chmod +x "$1"
}

failures=0
endings=()

ok() { printf 'ok %s\n' "$*"; }

# not_ok NAME [WHY…]
not_ok() {
	printf 'not ok %s\n' "$1"
	shift
	[ $# -eq 0 ] || note "$@"
	failures=$((failures + 1))
}

skip() { printf 'skip %s\n' "$*"; }

# note TEXT… explains; every line of it is marked, so that none can look like a result.
note() { printf '%s\n' "$*" | sed 's/^/# /'; }

# check NAME COMMAND…: ok if the command succeeds; what it printed is shown if not.
check() {
	local name=$1 out status
	shift
	out=$("$@" 2>&1)
	status=$?
	if [ $status -eq 0 ]; then
		ok "$name"
	else
		not_ok "$name" "$* (status $status)${out:+$'\n'$out}"
	fi
	return $status
}

# is NAME GOT WANTED: the same text
is() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "got:    $2"$'\n'"wanted: $3"
		return 1
	fi
}

# like NAME GOT REGEX (extended); unlike is its opposite
like() {
	if grep -Eq -- "$3" <<<"$2"; then
		ok "$1"
	else
		not_ok "$1" "no /$3/ in:"$'\n'"$2"
		return 1
	fi
}
unlike() {
	if grep -Eq -- "$3" <<<"$2"; then
		not_ok "$1" "there is /$3/ in:"$'\n'"$2"
		return 1
	else
		ok "$1"
	fi
}

# exits NAME STATUS COMMAND…: the command ends with that status; its output is left in $out and $err.
exits() {
	local name=$1 wanted=$2 status
	shift 2
	"$@" >"$TMPDIR/.out" 2>"$TMPDIR/.err" </dev/null
	status=$?
	out=$(cat "$TMPDIR/.out")
	err=$(cat "$TMPDIR/.err")
	if [ $status -eq "$wanted" ]; then
		ok "$name"
	else
		not_ok "$name" "$* ended with $status, not $wanted${out:+$'\n'$out}${err:+$'\n'$err}"
		return 1
	fi
}

# wait_for SECONDS COMMAND…: until the command succeeds (how to wait: never with a sleep for luck)
wait_for() {
	local end=$((${EPOCHREALTIME/./} + $1 * 1000000))
	shift
	until "$@" >/dev/null 2>&1; do
		((${EPOCHREALTIME/./} < end)) || return 1
		sleep 0.02
	done
}

# listening PORT [tcp|udp]: true once somebody listens there
listening() {
	local flags=-Hltn
	[ "${2-tcp}" = tcp ] || flags=-Hlun
	[ -n "$(ss $flags "sport = :$1")" ]
}

# need COMMAND…: without one of them the whole script is skipped; in CI that is a failure.
need() {
	local c
	for c; do
		command -v "$c" >/dev/null || [ -x "/usr/sbin/$c" ] || skip_all "$c is not installed"
	done
}

# need_root: the script wants other users than root too
need_root() {
	# in a user namespace only uid 0 is mapped
	[ "$(id -u)" = 0 ] && ! grep -q '^ *0 .* 1$' /proc/self/uid_map || skip_all "needs root"
}

skip_all() {
	local name=${0##*/}
	case ${CI-} in
	1|true) not_ok "${name%.sh}" "$*" ;;
	*) skip "${name%.sh}" "$*" ;;
	esac
	exit
}

# at_exit COMMAND…: at the end of the script, last first
at_exit() { endings=("$(printf '%q ' "$@")" "${endings[@]}"); }

finish_script() {
	local status=$? e
	trap - EXIT
	for e in "${endings[@]}"; do eval "$e"; done
	[ $status -ne 0 ] || [ $failures -eq 0 ] || status=1
	exit $status
}
trap finish_script EXIT
trap 'exit 143' TERM
