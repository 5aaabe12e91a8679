# bash completion of sockeye(1). What there is to complete is asked of the program itself, so that it is never out of date.

_sockeye_options() { "$1" ${2:+"$2"} --help 2>/dev/null | sed -nE 's/^  (-., |    )(--[a-z-]+).*/\2/p'; }
_sockeye_rows() { "$1" help "$2" 2>/dev/null | sed -nE 's/^  ([a-z][a-z-]*)  .*/\1/p'; }

_sockeye() {
	local program=$1 word=$2 before=$3 command='' words
	case ${COMP_WORDS[1]-} in
	list|dump|run|help) [ "$COMP_CWORD" -gt 1 ] && command=${COMP_WORDS[1]} ;;
	esac
	COMPREPLY=()
	case $command:$before in
	list:-?) ;; # none of these takes a word
	*:-i|*:--interface|*:--capture) words="any $(ls /sys/class/net 2>/dev/null)" ;;
	*:-[rws]|*:--read|*:--write|*:--script|*:--config|*:--keylog|*:--extract|*:--sandbox-write)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return ;;
	*:--theme) words="dark light mono contrast" ;;
	*:--scope) words="mine host closed process:" ;;
	dump:--raw) words="tcp udp icmp all" ;;
	*:--time) words="absolute relative delta epoch" ;;
	*:--columns|*:--sort) words=$(_sockeye_rows "$program" columns) ;;
	*:--netns) words="all $(ls /run/netns 2>/dev/null)" ;;
	esac
	if [ -z "${words-}" ]; then
		case $command$word in
		-*|list-*|dump-*|run-*|help-*) words=$(_sockeye_options "$program" "$command") ;;
		list*) words=$(_sockeye_rows "$program" filter | sed 's/$/:/') ;;
		run*) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
		help*) words="$("$program" help | sed -nE 's/^  sockeye help ([a-z]+).*/\1/p') list dump run" ;;
		dump*) return ;;
		*) words="list dump run help" ;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
	case ${COMPREPLY[0]-} in *:) compopt -o nospace ;; esac
}
complete -o filenames -F _sockeye sockeye
