#!/usr/bin/env python3
"""flows.py [--quick] TRAFFIC FLOOR SOCKEYE: conversations of a capture file with TCP analysis, beside a bare loop over
pcap_dispatch on the same file, in turn; medians of user + system seconds of the whole command, and their ratio."""
import os, resource, statistics, subprocess, sys, tempfile

quick = "--quick" in sys.argv
traffic, floor, sockeye = [a for a in sys.argv[1:] if a != "--quick"]
count, rounds = (200000, 3) if quick else (1000000, 7)
targets = {"web": 1.5, "many": 2.5}

def cpu(*command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

with tempfile.TemporaryDirectory() as folder:
    for kind, target in targets.items():
        path = os.path.join(folder, kind + ".pcap")
        said = subprocess.run([traffic, kind, str(count), path], check=True, stderr=subprocess.PIPE, text=True).stderr
        print(f"== {kind}: {count} packets, {said.strip()}, {os.path.getsize(path) >> 20} MiB")
        rows = {"pcap_dispatch": [floor, path], "dump --flows": [sockeye, "dump", "--flows", "-r", path],
                "dump --flows --json": [sockeye, "dump", "--flows", "--json", "-r", path],
                "dump --stats": [sockeye, "dump", "--stats", "-r", path]}
        seconds = {name: [] for name in rows}
        for _ in range(rounds):
            for name, command in rows.items():
                seconds[name].append(cpu(*command))
        for name in rows:
            ratio = statistics.median(a / b for a, b in zip(seconds[name], seconds["pcap_dispatch"]))
            aim = f"  (at most {target})" if name == "dump --flows" else ""
            print(f"{name:22} {statistics.median(seconds[name]):7.3f} s CPU  {ratio:5.2f} times the loop{aim}")
        os.unlink(path)
