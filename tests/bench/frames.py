#!/usr/bin/env python3
"""frames.py [--quick] LOADGEN BLAST SOCKEYE: how long a key takes to the screen while 20,000 sockets are listed and
200,000 packets a second come in, and what an idle screen costs. In a network namespace of its own.

A key is a letter that nothing else writes, typed at the prompt; it is on the screen when the terminal reads it back. Every
frame lays out and draws all panes. Between two keys the same is done to `cat` in a terminal: what the machine itself takes,
the floor. Idle: CPU of the program and its helper over some seconds, and bytes that it wrote."""
import fcntl, os, pty, random, re, select, signal, struct, subprocess, sys, termios, time

LETTERS = "Ж".encode(), "Щ".encode()  # in turn: what stands there already is not written again
quick = "--quick" in sys.argv
loadgen, blast, sockeye = [w for w in sys.argv[1:] if w != "--quick"]
tick = os.sysconf("SC_CLK_TCK")


class Screen:
    def __init__(self, *command, cols=200, rows=60):
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", HOME=os.environ.get("TMPDIR", "/tmp"))
            os.execvp(command[0], command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)
        self.bytes = self.reads = 0

    def read(self, until):
        """What came up to the moment `until`, b"" for nothing."""
        left = until - time.monotonic()
        if not select.select([self.fd], [], [], max(left, 0))[0]:
            return b""
        data = os.read(self.fd, 1 << 16)
        self.bytes += len(data)
        self.reads += 1
        return data

    def drain(self, seconds):
        end, data = time.monotonic() + seconds, b""
        while time.monotonic() < end:
            data += self.read(end)
        return data

    def key(self, text, want, seconds=5):
        """Seconds from the key to the first output that has `want`."""
        begun, tail = time.monotonic(), b""
        os.write(self.fd, text)
        while time.monotonic() < begun + seconds:
            tail = tail[-16:] + self.read(begun + seconds)
            if want in tail:
                return time.monotonic() - begun
        raise SystemExit(f"frames: the key never came to the screen, but {tail!r}")

    def cpu(self):
        """Of the program, its threads and its helper, in seconds."""
        total = 0
        for pid in subprocess.run(["ps", "-o", "pid=", "--pid", str(self.pid), "--ppid", str(self.pid)],
                                  capture_output=True, text=True).stdout.split():
            with open(f"/proc/{pid}/stat") as f:
                fields = f.read().rsplit(")", 1)[1].split()
            total += (int(fields[11]) + int(fields[12])) / tick
        return total

    def idle(self, seconds):
        self.drain(4)  # after the start it looks around more often
        begun, cpu, self.bytes, self.reads = time.monotonic(), self.cpu(), 0, 0
        self.drain(seconds)
        return (self.cpu() - cpu) / (time.monotonic() - begun), self.bytes / seconds, self.reads / seconds

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        end = time.monotonic() + 5
        while time.monotonic() < end and not os.waitpid(self.pid, os.WNOHANG)[0]:
            try:
                self.read(time.monotonic() + 0.05)
            except OSError:
                time.sleep(0.01)
        os.close(self.fd)


def latency(name, screen, keys):
    screen.drain(0.2)
    os.write(screen.fd, b":")
    screen.drain(0.5)
    times, floor = [], []
    for i in range(keys):
        letter = LETTERS[i % 2]
        times.append(1000 * screen.key(letter, letter))
        screen.drain(random.uniform(0.005, 0.03))
        os.write(screen.fd, b"\x7f")
        screen.drain(random.uniform(0.02, 0.05))
        floor.append(1000 * plain.key(letter + b"\n", letter + b"\r\n" + letter))
    os.write(screen.fd, b"\x1b")
    screen.drain(0.5)
    times.sort()
    floor.sort()
    at = lambda sorted_times, part: sorted_times[min(keys - 1, int(part * keys))]
    print(f"{name:<40} {at(times, .5):5.1f} ms median  {at(times, .95):5.1f} ms 95 %  {times[-1]:6.1f} ms most"
          f"  {sum(t > 16 for t in times)} of {keys} over 16 ms   cat: {at(floor, .5):.1f}  {at(floor, .95):.1f}  {floor[-1]:.1f}")


def told_idle(name, figures):
    cpu, size, reads = figures
    print(f"{name:<40} {100 * cpu:5.2f} % of a core  {size:6.0f} bytes/s in {reads:.1f} writes/s   target: 1 %")


keys, rest = (60, 4) if quick else (300, 10)
print(f"== frames of 200x60: a key to the screen (target 16 ms), {keys} keys; idle over {rest} s")

plain = Screen("cat")
s = Screen(sockeye, "-i", "lo", "--demo")
told_idle("idle, our own sockets, capture on", s.idle(rest))
latency("nothing else going on", s, keys)
s.end()

load = subprocess.Popen([loadgen, "-n", "20000", "-p", "50", "-u", "200", "-x", "200"], stdout=subprocess.PIPE)
load.stdout.readline()
s = Screen(sockeye, "-i", "lo", "--scope", "host")
s.drain(4)
told_idle("idle, 20,000 sockets of the host", s.idle(rest))
latency("20,000 sockets", s, keys)
storm = subprocess.Popen([blast, "200000", str(60 if not quick else 20)], stdout=subprocess.PIPE, text=True)
s.drain(2)
latency("20,000 sockets, 200,000 packets/s", s, keys)
os.write(s.fd, b"/")
s.drain(0.3)
os.write(s.fd, b"udp\r")
s.drain(3)
latency("the same, a filter on", s, keys)
s.end()
storm.kill()
load.kill()
