#!/usr/bin/env python3
"""live.py [--quick] NET SOCKEYE, in a network namespace of its own, as its root: what is lost at the rate that one core
sends, and how much a TCP transfer on the loopback is slowed by who listens, in turn."""
import re, shutil, signal, statistics, subprocess, sys, time

quick = "--quick" in sys.argv
net, sockeye = [a for a in sys.argv[1:] if a != "--quick"]
seconds, rounds = ("2", 3) if quick else ("4", 5)

def sh(command):
    subprocess.run(command, shell=True, check=True)

def listen(command):
    """Start it, and wait until its packet socket is there."""
    before = len(open("/proc/net/packet").readlines())
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while len(open("/proc/net/packet").readlines()) == before and process.poll() is None:
        time.sleep(0.01)
    time.sleep(0.3)  # its ring is made and its filter set
    return process

def stop(process):
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    return process.communicate()[1]

def counts(said):
    """Packets it got, packets lost, from either's summary."""
    ours = re.search(r"(\d+) received, (\d+) dropped by the kernel, (\d+) by the interface, (\d+) here", said)
    if ours:
        return int(ours[1]), int(ours[2]) + int(ours[4])
    theirs = re.search(r"(\d+) packets captured.*?(\d+) packets dropped by kernel", said, re.S)
    return (int(theirs[1]), int(theirs[2])) if theirs else (0, 0)

def ask(*command):
    return float(subprocess.run([net, *command], check=True, capture_output=True, text=True).stdout)

sh("ip link add va type veth peer name vb && ip link set va up && ip link set vb up && ip addr add 10.9.0.1/24 dev va")
sh("ip neigh add 10.9.0.2 lladdr $(cat /sys/class/net/vb/address) dev va")
rivals = {"dump --flows": [sockeye, "dump", "-i", "vb", "--flows"], "dump": [sockeye, "dump", "-i", "vb"],
          "dump -w /dev/null": [sockeye, "dump", "-i", "vb", "-w", "/dev/null"]}
if shutil.which("tcpdump"):
    rivals["tcpdump -w /dev/null"] = ["tcpdump", "-i", "vb", "-w", "/dev/null"]
    rivals["tcpdump -nn -tt"] = ["tcpdump", "-nn", "-tt", "-i", "vb"]
print("== live: UDP as fast as one core sends; lost of what came (dump --flows, dump -w: nothing)")
for name, command in rivals.items():
    found = []
    for _ in range(rounds):
        process = listen(command)
        sent = ask("blast", "10.9.0.2", seconds)
        got, lost = counts(stop(process))
        found.append((100 * lost / max(got + lost, 1), sent / float(seconds) / 1000))
    print(f"{name:24} {statistics.median(l for l, _ in found):6.2f} % lost at {statistics.median(r for _, r in found):4.0f} kpps", flush=True)

print("== bulk: a TCP transfer on the loopback beside who listens with a snapshot length of 256")
rivals = {"nobody": None, "dump --flows": [sockeye, "dump", "-i", "lo", "-s", "256", "--flows", "tcp"],
          "dump -w /dev/null": [sockeye, "dump", "-i", "lo", "-s", "256", "-w", "/dev/null", "tcp"]}
if shutil.which("tcpdump"):
    rivals["tcpdump -w /dev/null"] = ["tcpdump", "-i", "lo", "-s", "256", "-w", "/dev/null", "tcp"]
speeds = {name: [] for name in rivals}
for _ in range(rounds):
    for name, command in rivals.items():
        process = listen(command) if command else None
        speeds[name].append(ask("bulk", seconds))
        if process:
            stop(process)
for name in rivals:
    ratio = statistics.median(a / b for a, b in zip(speeds[name], speeds["nobody"]))
    line = f"{name:24} {statistics.median(speeds[name]):6.2f} Gbit/s  {ratio:5.2f} times nobody"
    if name.startswith("dump") and "tcpdump -w /dev/null" in rivals:
        beside = statistics.median(a / b for a, b in zip(speeds[name], speeds["tcpdump -w /dev/null"]))
        line += f"  {beside:5.2f} times tcpdump (at least 1)"
    print(line, flush=True)
