"""`sockeye list` and the screen beside ss, in the same run, over the sockets that loadgen.c makes.

list.py [--quick] LOADGEN CHURN SOCKDUMP SOCKEYE, as root (not in a user namespace of its own: there BPF is not allowed).
CPU is user + system time of the whole command by wait4(2); the commands of a comparison take turns, and the ratio
is the median of the rounds' ratios. Output goes to a file, as in a script. A live view is measured by the scheduler's
own count (/proc/PID/schedstat) of all its processes. Where the machine is busy, ratios stay near the truth; what is in
milliseconds does not, and a live view may look less often than asked for, which is said.
"""
import ctypes
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

quick = "--quick" in sys.argv
loadgen, churn, sockdump, sockeye = [a for a in sys.argv[1:] if a != "--quick"]
scratch = tempfile.TemporaryFile()
libc = ctypes.CDLL(None)


def run(command):
    """CPU in ms, largest resident set in MiB (not less than this interpreter's own, about 12)."""
    scratch.truncate(0)
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=[
        (os.POSIX_SPAWN_DUP2, scratch.fileno(), 1)])
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} ended with {status}")
    return (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / 1024


def verdict(value, target):
    if target is None:
        return ""
    return f"  target {target:g}: {'met' if value <= target else 'MISSED'}"


def compare(what, ours, theirs, rounds, target=None):
    pairs = []
    for i in range(rounds + 1):
        pair = run(ours), run(theirs)
        if i or rounds == 1:  # the first round warms up
            pairs.append(pair)
    mine, rss = (statistics.median(p[0][k] for p in pairs) for k in (0, 1))
    other = statistics.median(p[1][0] for p in pairs)
    ratio = statistics.median(a[0] / b[0] for a, b in pairs)
    print(f"  {what:<34}{mine:9.1f} ms  {' '.join(theirs):<9}{other:9.1f} ms  ratio {ratio:6.3f}"
          f"{verdict(ratio, target)}", flush=True)
    return rss


def without_bpf(job):
    """In a child that may not use BPF: root without CAP_SYS_ADMIN, CAP_PERFMON, CAP_BPF."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        for capability in 21, 38, 39:
            if libc.prctl(24, capability, 0, 0, 0):  # PR_CAPBSET_DROP
                os._exit(3)
        job()
        sys.stdout.flush()
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 3:
        print("  by /proc: not root, so as above")


def memory(what, mib, target):
    print(f"  {what:<34}{mib:9.1f} MiB{verdict(mib, target)}", flush=True)


def family(pid):
    """The process and its children: the screen has a broker."""
    try:
        return [pid, *map(int, open(f"/proc/{pid}/task/{pid}/children").read().split())]
    except FileNotFoundError:
        return [pid]


def cpu_ns(pids):
    return sum(int(open(f"/proc/{p}/task/{t}/schedstat").read().split()[0]) for p in pids
               for t in os.listdir(f"/proc/{p}/task"))


def resident(pids, field="VmRSS"):
    """MiB, of all of them."""
    return sum(int(line.split()[1]) for p in pids for line in open(f"/proc/{p}/status")
               if line.startswith(field)) / 1024


def share_of_core(pids, seconds):
    before, began = cpu_ns(pids), time.monotonic()
    time.sleep(seconds)
    return (cpu_ns(pids) - before) / (time.monotonic() - began) / 1e9 * 100


def share(what, value, target, note=""):
    print(f"  {what:<34}{value:9.1f} % of a core{verdict(value, target)}{note}", flush=True)


def live(what, options, seconds, target, rss_target):
    """The share of a core that --watch takes once it runs, and its resident set."""
    with tempfile.TemporaryFile("w+") as words:
        p = subprocess.Popen([sockeye, "list", "--watch=1", "--json", *options], stdout=subprocess.DEVNULL, stderr=words)
        time.sleep(3.5)  # its first look is over
        value = share_of_core([p.pid], seconds)
        high = resident([p.pid], "VmHWM")
        p.send_signal(signal.SIGINT)
        p.wait()
        words.seek(0)
        slow = [line for line in words if "a look takes" in line]
    share(what, value, target, "  (" + slow[0].split(": ", 1)[1].strip() + ")" if slow else "")
    memory("    its memory", high, rss_target)


def drain(fd, seconds):
    """What comes in that time."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([fd], [], [], left)[0]:
            try:
                os.read(fd, 1 << 16)
            except OSError:  # it has ended
                return


def wait_for_answers(fd, seconds):
    """How long the screen takes to answer a key, in ms and in order: to the first bytes after it."""
    took, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        drain(fd, 0.0613)  # not in step with the refresh
        began = time.monotonic()
        os.write(fd, b"jjjjjkkkkk"[len(took) % 10:][:1])
        if not select.select([fd], [], [], 5)[0]:
            sys.exit("the screen does not answer")
        took.append((time.monotonic() - began) * 1000)
    return sorted(took)


def screen(seconds, target, key_target, rss_target):
    """The screen while it follows all sockets: what it costs, how long a key takes. The memory is that of the screen
    and of its broker together, at the worst moment that is seen, without the packet socket's ring (16 MiB), which is
    the kernel's."""
    pid, fd = pty.fork()
    if not pid:
        os.environ["TERM"] = "xterm-256color"
        os.execv(sockeye, [sockeye, "--scope", "host", "--no-capture"])
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    drain(fd, 4)
    pids = family(pid)
    before, began, most = cpu_ns(pids), time.monotonic(), 0
    while time.monotonic() < began + seconds:
        drain(fd, 0.01)
        most = max(most, resident(pids))
    if target is not None:
        share("the screen and its broker", (cpu_ns(pids) - before) / (time.monotonic() - began) / 1e9 * 100, target)
    if rss_target is not None:
        memory("    their memory", most - 16, rss_target)
    took = wait_for_answers(fd, 15)
    os.write(fd, b"q")
    drain(fd, 1)
    os.waitpid(pid, 0)
    p99 = took[len(took) * 99 // 100]
    print(f"  {'a key on the screen':<34}{statistics.median(took):9.1f} ms  99 of 100 within {p99:.1f} ms, slowest "
          f"{took[-1]:.1f} ms{verdict(p99, key_target)}", flush=True)


class Load:
    """Each in a network namespace of its own: TIME-WAITs of the one before do not matter."""

    def __init__(self, title, *options):
        print(f"-- {title}", flush=True)
        if libc.unshare(0x40000000):  # CLONE_NEWNET
            sys.exit("no network namespace")
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        self.p = subprocess.Popen([loadgen, *options], stdout=subprocess.PIPE, text=True)
        if not self.p.stdout.readline().startswith("ready"):
            sys.exit("no load")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.p.terminate()
        self.p.stdout.read()  # until the last process is gone
        self.p.wait()


class Churn:
    def __init__(self, rate):
        self.p = subprocess.Popen([churn, "-c", str(rate), "-s", "600", "/dev/null"], stdout=subprocess.PIPE, text=True)
        if not self.p.stdout.readline().startswith("ready"):
            sys.exit("no churn")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.p.kill()
        self.p.stdout.read()
        self.p.wait()


def owners():
    """Who has which socket, as one line a socket, in order."""
    text = subprocess.run([sockeye, "list", "-H", "--columns", "cookie,owner"], capture_output=True, check=True).stdout
    return sorted(line for line in text.splitlines() if b"sockeye/" not in line)


def agreement():
    """The BPF iterator and /proc tell the same owners."""
    with tempfile.NamedTemporaryFile() as other:
        by_bpf = owners()
        without_bpf(lambda: open(other.name, "wb").write(b"\n".join(owners())))
        by_proc = open(other.name, "rb").read().split(b"\n")
    same = by_bpf == by_proc
    print(f"  owners of {len(by_bpf)} sockets by BPF and by /proc: {'the same' if same else 'THEY DIFFER'}", flush=True)


OURS, BARE = [sockeye, "list", "-t"], [sockeye, "list", "-t", "--no-owners"]
SS, SS_BARE = ["ss", "-tanp"], ["ss", "-tan"]


def floor(rounds, theirs):
    """What neither can be cheaper than: the kernel's own share."""
    compare("the floor: the kernel's dump", [sockdump], theirs, rounds)


def small(rounds):
    with Load("1,000 TCP sockets, 20 processes", "-n", "1000", "-u", "100", "-x", "100"):
        agreement()
        compare("list -t", OURS, SS, rounds, 0.25)
        without_bpf(lambda: compare("list -t, by /proc", OURS, SS, rounds))
        floor(rounds, SS_BARE)
        compare("list -t --no-owners", BARE, SS_BARE, rounds, 0.6)
    with Load("and 2,000 idle processes", "-n", "1000", "-u", "100", "-x", "100", "-i", "2000"):
        compare("list -t", OURS, SS, rounds, 0.1)
        without_bpf(lambda: compare("list -t, by /proc", OURS, SS, rounds))


def middle(rounds, seconds):
    with Load("20,000 TCP sockets, 200 processes", "-n", "20000", "-p", "200"):
        agreement()
        rss = compare("list -t", OURS, SS, rounds, 0.1)
        without_bpf(lambda: compare("list -t, by /proc", OURS, SS, rounds, 0.333))
        floor(rounds, SS_BARE)
        compare("list -t --no-owners", BARE, SS_BARE, rounds, 0.6)
        compare("list -t -i --no-owners", [*BARE, "-i"], ["ss", "-tani"], rounds)
        memory("list -t, memory", rss, 32)
        live("list --watch=1 --json", [], seconds, 6, 32)
        without_bpf(lambda: live("the same by /proc", [], seconds, 6, 32))
        screen(seconds, 6, 16, 32)
        with Churn(100):
            print("  100 connections/s come and go:")
            live("list --watch=1 --json", [], seconds, None, None)
            screen(seconds, None, 16, None)


def large(seconds):
    with Load("200,000 TCP sockets, 200 processes", "-n", "200000", "-p", "200"):
        rss = compare("list -t", OURS, SS, 1, 0.02)
        floor(3, SS_BARE)
        compare("list -t --no-owners", BARE, SS_BARE, 3, 0.6)
        memory("list -t, memory", rss, 160)
        live("list --watch=1 --json", [], 2 * seconds, None, 160)
        screen(seconds, None, 16, 160)


print("== sockeye list beside ss: CPU of the whole command, and the ratio "
      f"(load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors)")
small(3 if quick else 9)
if not quick:
    middle(5, 10)
    large(15)
