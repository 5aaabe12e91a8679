#!/bin/bash
# What assets/packaging makes: the Debian package of a program that is here already, and the completion of bash.
source "$(dirname "$0")/../harness/lib.sh"

# --- completion ---
source assets/packaging/completion.bash
compopt() { :; }
completes() { # NAME REGEX WORD…: the words offered for the last one
	local name=$1 wanted=$2
	shift 2
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
	_sockeye "$SOCKEYE" "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
	like "completion: $name" "${COMPREPLY[*]}" "$wanted"
}
completes "commands" '^list dump run help$' sockeye ''
completes "options" '^--theme$' sockeye --th
completes "a command's options" '^--numeric --no-owners --no-header --netns --no-color$' sockeye list --n
completes "keys of the filter" '(^| )state:( |$)' sockeye list s
completes "columns" 'rtt rttvar' sockeye list --columns r
completes "interfaces" '(^| )lo( |$)' sockeye dump -i ''
completes "themes" '^dark light mono contrast$' sockeye --theme ''
completes "scripts" '^assets/scripts/tcp4.sock$' sockeye run assets/scripts/tcp4
completes "topics" '(^| )filter( |$)' sockeye help ''

# --- the package ---
need dpkg-deb
export SOURCE_DATE_EPOCH=1700000000
cat >"$TMPDIR/make" <<'END'
#!/bin/sh -e
for word; do case $word in DESTDIR=*) to=${word#DESTDIR=}/usr ;; esac; done
install -D -m 755 "$SOCKEYE" "$to/bin/sockeye"
mkdir -p "$to/share/man/man1"
"$SOCKEYE" help manual >"$to/share/man/man1/sockeye.1"
END
chmod 755 "$TMPDIR/make"
exits "a package is made" 0 sh assets/packaging/deb "$TMPDIR/make" "$TMPDIR/out"
package=$out
like "it is named" "$package" '/sockeye_[0-9.]+_[a-z0-9]+\.deb$'
is "its name" "$(dpkg-deb -f "$package" Package)" sockeye
is "its version is the program's" "sockeye $(dpkg-deb -f "$package" Version)" "$("$SOCKEYE" --version)"
like "it depends on its libraries" "$(dpkg-deb -f "$package" Depends)" 'libc6.*libpcap'
is "all of it is root's" "$(dpkg-deb -c "$package" | awk '{ print $2 }' | sort -u)" root/root
check "it unpacks" dpkg-deb -x "$package" "$TMPDIR/tree"
is "and runs" "$("$TMPDIR/tree/usr/bin/sockeye" --version)" "$("$SOCKEYE" --version)"
check "the sums are right" env -C "$TMPDIR/tree" md5sum --quiet -c <(dpkg-deb -I "$package" md5sums)
cp "$package" "$TMPDIR/first.deb"
sh assets/packaging/deb "$TMPDIR/make" "$TMPDIR/out" >/dev/null 2>&1
check "made twice it is the same" cmp "$TMPDIR/first.deb" "$package"
exit $((failures > 0))
