#!/usr/bin/env python3
"""open.py [--quick] TRAFFIC SOCKEYE: how soon `sockeye -r FILE` shows a capture file: from the start of the program to its
first screen with packets, until a key is answered meanwhile, and until all of it is indexed, beside `dump --flows` of the
same file in the same round; and the memory that it takes for each packet."""
import fcntl, os, pty, re, select, signal, statistics, struct, subprocess, sys, tempfile, termios, time

quick = "--quick" in sys.argv
traffic, sockeye = [a for a in sys.argv[1:] if a != "--quick"]
count, rounds = (200000, 3) if quick else (1000000, 5)

def resident(pid):
    with open(f"/proc/{pid}/status") as f:
        return int(re.search(r"VmHWM:\s+(\d+)", f.read())[1]) * 1024

def open_once(path):
    """Seconds to the first screen, to the answer of a key, to the end; bytes of memory."""
    start = time.monotonic()
    pid, fd = pty.fork()
    if not pid:
        os.environ["TERM"] = "xterm-256color"
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        os.execv(sockeye, [sockeye, "-r", path])
    seen, first, pressed, answered, end = b"", None, None, None, None
    while not end and time.monotonic() < start + 60:
        if not select.select([fd], [], [], 0.5)[0]:
            continue
        seen += os.read(fd, 1 << 16)
        now = time.monotonic()
        if first is None and re.search(rb"(UDP|TCP) \d+ \xe2\x86\x92 \d+", seen):
            first, mark = now - start, len(seen)
            os.write(fd, b"?")
            pressed = now
        if pressed and answered is None and b"Help" in seen[mark:]:
            answered = now - pressed
            os.write(fd, b"?")
        if b"read to its end" in seen:
            end = now - start
    memory = resident(pid)
    os.kill(pid, signal.SIGTERM)
    while True:
        try:
            if not os.read(fd, 1 << 16):
                break
        except OSError:
            break
    os.waitpid(pid, 0)
    os.close(fd)
    return first, answered, end, memory

def flows(path):
    start = time.monotonic()
    subprocess.run([sockeye, "dump", "--flows", "-r", path], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start

with tempfile.TemporaryDirectory() as folder:
    for kind in "web", "many":
        path = os.path.join(folder, kind + ".pcap")
        subprocess.run([traffic, kind, str(count), path], check=True, stderr=subprocess.DEVNULL)
        print(f"== {kind}: {count} packets, {os.path.getsize(path) >> 20} MiB, opened on the screen")
        got = [(flows(path), *open_once(path)) for _ in range(rounds)]
        middle = [statistics.median(column) for column in zip(*got)]
        ratio = statistics.median(end / whole for whole, _, _, end, _ in got)
        print(f"{'dump --flows':22} {middle[0]:7.3f} s")
        print(f"{'first screen':22} {middle[1]:7.3f} s  (at most 0.1)")
        print(f"{'a key meanwhile':22} {middle[2]:7.3f} s  (at most 0.016)")
        print(f"{'all indexed':22} {middle[3]:7.3f} s  {ratio:5.2f} times dump --flows (at most 1)")
        print(f"{'memory':22} {middle[4] / 2**20:7.1f} MiB  {middle[4] / count:5.0f} bytes a packet, flows and all")
        os.unlink(path)
