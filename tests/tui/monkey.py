"""Presses keys at random in the real screen, and looks whether it still lives.

usage: monkey.py SEED SECONDS. Runs in a namespace of its own (monkey.sh does that) with SOCKEYE, TMPDIR and, where there
are captures to open, CAPTURES (a directory). A life is one start of the program with some options, some keys, and `q`; what
each life did is printed when it goes wrong, and the seed of a life repeats it: monkey.py SEED 0 is that one life.

A life is well when the program is still there after each key, shows its help within 5 seconds when it is asked, looks the
same after C-l (with a capture file, where nothing moves), ends with `q` and status 0, leaves the terminal as it was, and no
sanitizer has written a report.
"""
import glob, os, random, re, signal, subprocess, sys, time

SOCKEYE, TMP, TOP = os.environ["SOCKEYE"], os.environ["TMPDIR"], os.getcwd()
CAPTURES = os.environ.get("CAPTURES", "")
ASAN = "asan" in SOCKEYE
ANSWER = 5 * (3 if ASAN else 1)  # seconds
HOME = f"{TMP}/monkey"
LSAN = f"{TOP}/tests/harness/lsan.supp"
MAPPED = not re.search(r"^ *0 .* 1$", open("/proc/self/uid_map").read(), re.M)  # other users exist

WEIGHT = {"j": 8, "k": 4, "Down": 4, "Up": 3, "Enter": 10, "Esc": 6, "Tab": 8, "S-Tab": 2, "t": 8, "v": 8, "2": 4, "1": 4, "V": 4,
          "u": 4, "z": 4, "Space": 8, "n": 5, "c": 3, "s": 4, "C": 3, "o": 3, ">": 3, "<": 3, "E": 4, "f": 3, "e": 2, "p": 2, "g": 3}
TMUX = {"Esc": "Escape", "S-Tab": "BTab", "PgUp": "PPage", "PgDn": "NPage", ";": "\\;"}
ANSWERED = {"K": "n", "T": "n"}  # never yes

WORDS = ["tcp", "7000", "port:7000", "state:listen", "state:established", "proc:python3", "not tcp", "(", "sport>7000", "unix", "dst ::1/64",
         "x", "name:tcp1", "nothing-like-this", "\"a", "hex:0d0a", "GET", "state:bogus", "!tcp", "recvq>0 or sendq>0", "pid:1", "漢", "\x1b"]
ENDS = ["127.0.0.1:7000", "[::1]:7001", "127.0.0.1:7002", "127.0.0.1:7051", "$echo.tcp", "$echo.udp", "$echo.unix", "$tcp1.local", ":0",
        "127.0.0.1:0", "unix:@monkey2", "unix:./path", "$tcp1.peer", "$nobody.local", "255.255.255.255:9", "[fe80::1]:7", "0.0.0.0:7060", "localhost:7000"]
NAMES = ["", "", "", "tcp1.", "udp1.", "unix1.", "tcp2.", "a.", "b.", "tcp1_1."]
TOPICS = ["", "CLOSE-WAIT", "ECONNREFUSED", "TCP_NODELAY", "zero-window", "nonsense", "tcp", "rtt"]
SIZES = [(60, 16), (80, 24), (80, 24), (100, 30), (120, 36), (120, 36), (200, 60), (160, 20), (61, 59)]
ODD = [(3, 2), (1, 1), (59, 16), (60, 15), (200, 3), (10, 60), (40, 10), (300, 100), (7, 200)]


def line(d):
    """A line for the prompt."""
    name, end, word = d.choice(NAMES), d.choice(ENDS), d.choice(WORDS)
    return d.choice([
        lambda: d.choice(["", "", "a = ", "b = "]) + "socket " + d.choice(["inet", "inet6", "unix"]) + " " +
        d.choice(["stream", "stream", "dgram", "raw", "seqpacket", "raw icmp", "stream mptcp", "stream sctp", "dgram udplite", "stream 300"]),
        lambda: f"{name}bind {end}", lambda: f"{name}listen {d.choice(['', '0', '1', '-5', '100000'])}",
        lambda: d.choice(["a = ", "b = ", ""]) + f"{name}accept", lambda: f"{name}connect {end}{d.choice(['', '', ' nowait'])}",
        lambda: f"{name}connect {end}", lambda: name + "send " + d.choice(['"hello\\n"', "hex:00ff1b5b", "zero:300000", "zero:3M", '"', "file:/etc/hosts",
                                                                          '"GET / HTTP/1.0\\r\\n\\r\\n"', f'"x" to {end}']),
        lambda: f"{name}recv {d.choice(['', '1', '100000', '0'])}", lambda: f"{name}shutdown {d.choice(['rd', 'wr', 'rdwr', 'x'])}",
        lambda: f"{name}close", lambda: f"{name}abort",
        lambda: name + "setsockopt " + d.choice(["TCP_NODELAY 1", "SO_RCVBUF 1K", "SO_LINGER 0", "IP_TTL 1", "TCP_CONGESTION reno", "TCP_INFO 1",
                                                 "TCP_REPAIR 1", "SO_BINDTODEVICE lo", "IP_HDRINCL on", "TCP_DEFER_ACCEPT 1", "TCP_MAXSEG 100"]),
        lambda: f"{name}getsockopt {d.choice(['TCP_INFO', 'SO_ERROR', 'TCP_CONGESTION', 'SO_PEERCRED', 'IP_OPTIONS'])}",
        lambda: name + "expect " + d.choice(["state ESTABLISHED within 1s", "recv \"x\" within 100ms", "eof within 50ms", "packets S S. . within 1s"]),
        lambda: f"echo {d.choice(['start', 'stop', 'start :7070', ''])}", lambda: f"select {d.choice(['tcp1', 'udp1', 'zz', 'a'])}",
        lambda: f"capture {d.choice(['on', 'off', 'lo', 'any', 'none0'])}", lambda: f"raw {d.choice(['on', 'off', 'on tcp', 'on all', 'on icmp'])}",
        lambda: f"view {d.choice(['packets', 'ladder', 'ladder', 'stream'])}", lambda: f"form {d.choice(['text', 'hex', 'c'])}",
        lambda: f"match {word}", lambda: f"filter {word}", lambda: "filter", lambda: "match", lambda: f"search {word}",
        lambda: f"explain {d.choice(TOPICS)}", lambda: f"help {d.choice(TOPICS + ['connect', 'send'])}",
        lambda: f"scope {d.choice(['mine', 'host', 'host', 'process', 'process:1', 'process:999999', 'closed', 'file'])}",
        lambda: f"group {d.choice(['socket', 'process', 'remote', ''])}", lambda: f"graph {d.choice(['sequence', 'throughput', 'rtt', 'window', 'cwnd'])}",
        lambda: f"columns {d.choice(['default', 'proto,state', 'rtt,cwnd,local,remote,owner,peer', 'nonsense', 'proto in closed', ','])}",
        lambda: f"theme {d.choice(['dark', 'light', 'mono', 'contrast', 'none'])}", lambda: f"print \"{word}\"",
        lambda: "set " + d.choice(["timeout 1ms", "timeout 5s", "refresh 100ms", "refresh 1s", "show-peers on", "show-peers off", "ascii on", "ascii off",
                                   "mouse off", "mouse on", "netns all", "netns own", "netns 1", "theme light", "bogus 1"]),
        lambda: f"write {d.choice(['a.pcapng', 'a.pcap', 'a.txt', 'a.svg', 'a.out', '/nowhere/x', ''])}", lambda: "save life.sock",
        lambda: f"source {d.choice(['life.sock', TOP + '/assets/scripts/' + d.choice(SCRIPTS), 'none'])}",
        lambda: "bind-key F9 " + d.choice(["connect $echo.tcp", "view ladder", "scope host"]), lambda: "since", lambda: "step", lambda: "wait 10ms",
        lambda: d.choice(COMMANDS), lambda: "s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)", lambda: 's.connect(("127.0.0.1", 7000))',
        lambda: "".join(d.choice("abcxyz .=:\"'\\#$[](),0189{}\t漢é") for _ in range(d.randrange(200))),
    ])()


def known(topic):
    out = subprocess.run([SOCKEYE, "help", topic], capture_output=True, text=True, env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0")).stdout
    return re.findall(r"^  (\S.*?)(?:  +|$)", out, re.M)


KEYS = sorted({k for entry in known("keys") for k in entry.split()} - {"q"}) + ["F4", "F9", "Insert", "Delete", "BSpace", "C-a", "C-u", "0", "+", "-", "=", "M-x"]
COMMANDS = sorted({re.sub(r"^\[.*?\]", "", c).split()[0] for c in known("commands")} - {"quit", "signal", "destroy", "bind-key"})
SCRIPTS = sorted(os.path.basename(p) for p in glob.glob(f"{TOP}/assets/scripts/*.sock"))
FILES = sorted(p for p in glob.glob(f"{TOP}/tests/fuzz/seeds/pipeline/*") + glob.glob(f"{TOP}/tests/fuzz/seeds/capture_file/*") +
               (glob.glob(f"{CAPTURES}/**/*", recursive=True) if CAPTURES else []) if os.path.isfile(p))


class Wrong(Exception):
    pass


class NoTerminal(Exception):
    """tmux itself has ended."""


class Life:
    def __init__(self, seed):
        self.seed, self.d, self.did = seed, random.Random(seed), []
        self.socket = f"monkey-{os.getpid()}-{seed}"
        self.reports = f"{HOME}/report-{seed}"
        self.still = False  # nothing moves on the screen by itself
        self.quits = False  # what was typed may have meant `q`

    def tmux(self, *words):
        r = subprocess.run(["tmux", "-u", "-L", self.socket, "-f", "/dev/null", *words], capture_output=True, text=True, errors="replace")
        return r.stdout

    def ask(self, what):
        return self.tmux("display-message", "-p", "-t", "t", what).strip()

    def screen(self):
        return self.tmux("capture-pane", "-p", "-t", "t")

    def options(self):
        d, o = self.d, []
        if d.random() < 0.4:
            o += ["-r", d.choice(FILES + [f"{HOME}/recorded.pcapng"] * (len(FILES) // 4))]
            self.still = d.random() < 0.7  # no keys that make sockets
        else:
            o += d.choice([["--demo"], ["--demo"], [], ["--scope", "host"], ["--raw"], ["--no-capture"], ["-w", f"{HOME}/w{self.seed}.pcapng"], ["--netns", "all"],
                           ["-i", "lo"], ["-s", f"{TOP}/assets/scripts/{d.choice(SCRIPTS)}"], ["--scope", "process:1"], ["--scope", "closed"]])
            if d.random() < 0.2:
                o += ["--filter", d.choice(["tcp", "state:listen", "port:7000"])]
            if d.random() < 0.2:
                o += ["--snaplen", "64", "--buffer", "1"]
        if d.random() < 0.15:
            o += ["--ascii"]
        if d.random() < 0.2:
            o += ["--theme", d.choice(["light", "mono", "contrast"])]
        if ASAN or d.random() < 0.3:
            o += ["--no-sandbox"]
        return o

    def begin(self):
        d = self.d
        cols, rows = d.choice(SIZES)
        term = d.choices(["tmux-256color", "xterm-256color", "vt100", "xterm", "linux"], [6, 4, 1, 1, 1])[0]
        leaks = int(term != "linux")  # there ncurses loads libgpm, which leaks and is unloaded: no suppression knows its name
        who = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if MAPPED and d.random() < 0.2 else []
        command = who + ["env", f"TERM={term}", f"HOME={HOME}", f"LC_ALL={d.choice(['C.UTF-8'] * 6 + ['C'])}",
                         f"ASAN_OPTIONS=log_path={self.reports}:detect_leaks={leaks}:print_legend=0:detect_stack_use_after_return=1",
                         f"UBSAN_OPTIONS=log_path={self.reports}:print_stacktrace=1",
                         f"LSAN_OPTIONS=suppressions={LSAN}:print_suppressions=0", "setarch", "-R", SOCKEYE] + self.options()
        self.did.append(f"[{cols}x{rows}] " + " ".join(command[command.index("env"):] if not who else command))
        shell = 'stty -g >"$0.before"; "$@" 2>"$0.err"; s=$?; stty -g >"$0.after"; echo $s >"$0.status"; exec sleep 1000'
        for f in ("before", "after", "status"):
            if os.path.exists(f"{HOME}/life.{f}"):
                os.remove(f"{HOME}/life.{f}")
        self.tmux("start-server", ";", "set", "-g", "remain-on-exit", "on", ";", "set", "-g", "status", "off", ";", "set", "-s", "escape-time", "0", ";",
                  "set", "-g", "default-terminal", "tmux-256color", ";", "new-session", "-d", "-s", "t", "-x", str(cols), "-y", str(rows),
                  "-c", HOME, "bash", "-c", shell, f"{HOME}/life", *command)
        self.until(lambda: "sockeye" in self.screen() or "scope" in self.screen() or self.gone() is not None, 10 + ANSWER, "it does not open")

    def until(self, true, seconds, why):
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise Wrong(why)
            time.sleep(0.02)

    def gone(self):
        try:
            text = open(f"{HOME}/life.status").read()
        except OSError:
            return None
        return int(text) if text.endswith("\n") else None

    def press(self, *keys):
        if self.did[-1] != (said := " ".join(keys)):
            self.did.append(said)
        self.tmux("send-keys", "-t", "t", *[TMUX.get(k, k) for k in keys])

    def type(self, text):
        self.did.append(repr(text))
        self.quits |= "q" in text  # where no prompt is open this is a key
        self.tmux("send-keys", "-t", "t", "-l", "--", text + "\\;"[:0] if not text.endswith(";") else text[:-1] + "\\;")

    def resize(self, size):
        self.did.append("resize %dx%d" % size)
        self.tmux("resize-window", "-t", "t", "-x", str(size[0]), "-y", str(size[1]))

    def act(self):
        d = self.d
        what = d.random()
        if what < 0.62:
            keys = []
            for _ in range(d.choice([1, 1, 2, 3, 5, 8])):
                k = d.choices(KEYS, [WEIGHT.get(k, 1) for k in KEYS])[0]
                keys += [k] * d.choice([1, 1, 1, 3]) + ([ANSWERED[k]] if k in ANSWERED else [])
                if k in "nblacsrdxXS" and d.random() < 0.8:
                    keys.append("Enter")
            self.press(*keys)
        elif what < 0.80:
            self.press(":")
            self.type(line(d))
            self.press(*d.choice([["Enter"], ["Enter"], ["Enter"], ["Tab", "Tab", "Enter"], ["Up", "Up", "Enter"], ["Esc"], ["Left", "Tab", "BSpace", "Enter"]]))
        elif what < 0.86:
            self.press(d.choice(["/", "\\"]))
            self.type(d.choice(WORDS))
            self.press("Enter")
        elif what < 0.92:
            b, x, y = d.choice([0, 0, 0, 64, 65, 2, 35]), d.randrange(1, 220), d.randrange(1, 70)
            self.type(f"\x1b[<{b};{x};{y}M" + (f"\x1b[<{b};{x};{y}m" if b == 0 else ""))
        elif what < 0.95:
            self.resize(d.choice(SIZES + ODD))
        elif what < 0.965:
            self.type("\x1b[200~pasted q\nline\x1b[201~")
        else:
            time.sleep(d.choice([0.2, 0.5, 1.1]))

    def look(self):
        """Is it there, and does it answer?"""
        status = self.gone()
        if status is not None:
            if status == 0 and self.quits:
                return False
            raise Wrong(f"it ended by itself with status {status}")
        if glob.glob(self.reports + "*"):
            raise Wrong("a sanitizer reports")
        return True

    def answers(self):
        self.resize(self.d.choice(SIZES))
        end = time.monotonic() + ANSWER
        while not "keys and commands" in self.screen():
            if not self.look():
                return False
            if not self.ask("#{pid}"):
                raise NoTerminal
            if time.monotonic() > end:
                raise Wrong(f"no help within {ANSWER} s")
            self.escape()
            self.press("?")
            time.sleep(0.1)
        self.until(self.helped, ANSWER, "the help does not go away")
        if self.still and self.look():
            self.until(self.same, ANSWER, "C-l shows something else")
        return self.look()

    def helped(self):
        if self.gone() is None and "keys and commands" in self.screen():
            self.escape()
            return False
        return True

    def escape(self):
        for _ in range(3):
            self.press("Esc")
            time.sleep(0.06)  # else it would be the Alt of the next key

    def same(self):
        before = self.screen()
        self.press("C-l")
        time.sleep(0.15)
        after = self.screen()
        self.differs = [f"{a!r}\n     {b!r}" for a, b in zip(before.split("\n"), after.split("\n")) if a != b]
        return before == after

    def end(self):
        if self.gone() is None:
            end = time.monotonic() + 2 * ANSWER + 5
            while self.gone() is None:
                if time.monotonic() > end:
                    raise Wrong("q does not end it")
                self.escape()
                self.press("q")
                for _ in range(20):
                    if self.gone() is None:
                        time.sleep(0.05)
        self.until(lambda: self.ask("#{alternate_on}") == "0", 2, "the terminal stays in its other screen")
        if self.gone() != 0:
            raise Wrong(f"it ended with status {self.gone()}")
        if open(f"{HOME}/life.before").read() != open(f"{HOME}/life.after").read():
            raise Wrong("the terminal is not as it was before")
        if self.ask("#{mouse_any_flag}#{mouse_sgr_flag}#{keypad_cursor_flag}") not in ("000", "00"):
            raise Wrong("the mouse or the keypad is still on")
        if glob.glob(self.reports + "*"):
            raise Wrong("a sanitizer reports")

    def reported(self):
        """The sanitizers' files, once they are written to their ends."""
        files, end = sorted(glob.glob(self.reports + "*")), time.monotonic() + 20
        while files and "SUMMARY" not in "".join(open(f, errors="replace").read() for f in files) and time.monotonic() < end:
            time.sleep(0.1)
        return files + [f"{HOME}/life.err"]

    def stuck(self):
        """Where it hangs, as far as this machine can tell."""
        for d in glob.glob("/proc/[0-9]*"):
            try:
                words = open(f"{d}/cmdline").read().split("\0")
                if words[0] == SOCKEYE or words[:2] == ["sockeye", ""]:
                    print(d, re.findall("^(?:State|PPid).*", open(f"{d}/status").read(), re.M), open(f"{d}/wchan").read())
                    subprocess.run(["gdb", "-q", "-batch", "-p", d[6:], "-ex", "thread apply all bt 12"], stderr=subprocess.DEVNULL, timeout=60)
            except (OSError, subprocess.TimeoutExpired):
                pass

    def live(self, seconds):
        try:
            self.begin()
            end = time.monotonic() + seconds
            alive = self.gone() is None
            if not alive and "-r" in self.did[0]:
                return  # a file that is no capture
            while alive and time.monotonic() < end:
                for _ in range(self.d.randrange(10, 40)):
                    self.act()
                    if time.monotonic() > end or not (alive := self.look()):
                        break
                alive = alive and self.answers()
            self.end()
        finally:
            if self.gone() is None:
                self.stuck()
            self.reported()
            self.frame = self.screen()
            self.tmux("kill-server")


def main():
    seed, seconds = int(sys.argv[1]), float(sys.argv[2])
    os.makedirs(HOME, exist_ok=True)
    os.chmod(HOME, 0o777)
    os.chmod(TMP, 0o755)
    world = subprocess.Popen([sys.executable, f"{TOP}/tests/tui/monkey_world.py", HOME], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    world.stdout.readline()
    subprocess.run([SOCKEYE, "run", "-w", f"{HOME}/recorded.pcapng", f"{TOP}/assets/scripts/tcp4.sock"], stdout=subprocess.DEVNULL,
                   env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"))
    began, lives, bad, lost = time.monotonic(), 0, 0, 0
    while True:
        life = Life(seed + lives)
        left = seconds - (time.monotonic() - began)
        try:
            life.live(min(max(left, 3), life.d.choice([4, 8, 15])) if seconds else 15)
        except NoTerminal:
            lost += 1
            print(f"seed {life.seed}: the terminal ended\n" + "\n".join(d for d in life.did if d not in ("Esc", "?")))
        except Wrong as why:
            bad += 1
            print(f"wrong: seed {life.seed}: {why}\n" + "\n".join(life.did[:1] + life.did[-80:]) + "\n" + "\n".join(getattr(life, "differs", [])))
            print("\n".join("|" + row for row in life.frame.split("\n")))
            for f in life.reported():
                print(open(f, errors="replace").read()[:6000])
            sys.stdout.flush()
        lives += 1
        if time.monotonic() - began >= seconds or bad >= 5:
            break
    world.kill()
    print(f"{lives} lives from seed {seed}, {bad} went wrong" + (f", {lost} lost their terminal" if lost else ""))
    return 1 if bad else 0


sys.exit(main())
