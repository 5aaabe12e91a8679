#!/usr/bin/env python3
"""lines.py [--quick] TRAFFIC FLOOR SOCKEYE: packets as lines and as JSON, beside tcpdump, tshark and a bare loop over
pcap_dispatch on the same file, in turn; medians of user + system seconds of the whole command, and their ratios."""
import os, resource, shutil, statistics, subprocess, sys, tempfile

quick = "--quick" in sys.argv
traffic, floor, sockeye = [a for a in sys.argv[1:] if a != "--quick"]
count, few, rounds = (200000, 30000, 3) if quick else (1000000, 100000, 5)
fields = ["-T", "fields", *(w for f in ("frame.number", "ip.src", "ip.dst", "tcp.srcport", "tcp.flags") for w in ("-e", f))]

def run(*command):
    """CPU seconds, and the largest resident set in MiB."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        with open(os.devnull, "w") as null:
            os.dup2(null.fileno(), 1)
            os.dup2(null.fileno(), 2)
            os.execvp(command[0], command)
    os.close(read)
    os.close(write)
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"{command}: status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

def compare(title, rows, aims):
    """aims: row, beside which, the ratio wanted"""
    print("== " + title)
    found = {name: [] for name in rows}
    for _ in range(rounds):
        for name, command in rows.items():
            found[name].append(run(*command))
    for name in rows:
        line = f"{name:26} {statistics.median(s for s, _ in found[name]):7.3f} s CPU  {max(m for _, m in found[name]):5.0f} MiB"
        for row, beside, aim in aims:
            if row == name and beside in rows:
                ratio = statistics.median(a / b for (a, _), (b, _) in zip(found[name], found[beside]))
                line += f"  {ratio:5.3f} times {beside} (at most {aim})"
        print(line, flush=True)

with tempfile.TemporaryDirectory() as folder:
    path, small = os.path.join(folder, "web.pcap"), os.path.join(folder, "few.pcap")
    for number, name in (count, path), (few, small):
        subprocess.run([traffic, "web", str(number), name], check=True, stderr=subprocess.DEVNULL)
    rows = {"pcap_dispatch": [floor, path], "dump": [sockeye, "dump", "-r", path],
            "dump -q": [sockeye, "dump", "-q", "-r", path], "dump --json": [sockeye, "dump", "--json", "-r", path],
            "dump -w": [sockeye, "dump", "-r", path, "-w", os.path.join(folder, "out.pcapng")]}
    if shutil.which("tcpdump"):
        rows["tcpdump -nn -tt"] = ["tcpdump", "-nn", "-tt", "-r", path]
    compare(f"lines: {count} packets, {os.path.getsize(path) >> 20} MiB", rows,
            [("dump", "pcap_dispatch", 2.5), ("dump", "tcpdump -nn -tt", 0.333)])
    if shutil.which("tshark"):
        compare(f"JSON: {few} packets", {"tshark, five fields": ["tshark", "-n", "-r", small, *fields],
                                         "dump --json": [sockeye, "dump", "--json", "-r", small]},
                [("dump --json", "tshark, five fields", 0.033)])
