"""Thousands of TCP connections with themselves, over both families, by some processes, and some of each state that stays.
Prints `ready`; keeps everything until it is killed. On a line of its input, one more connection waits for accept.
"""
import os
import signal
import socket
import sys

PROCESSES, EACH = 5, 240  # connections over IPv4, over IPv6, and over IPv4 to an IPv6 socket
keep = []


def listener(family, host):
    s = socket.socket(family)
    s.bind((host, 0))
    s.listen(64)
    keep.append(s)
    return s


def connect(door, family, host):
    client = socket.socket(family)
    client.connect((host, door.getsockname()[1]))
    keep.append(client)
    return client


def pair(door, family, host):
    client = connect(door, family, host)
    server = door.accept()[0]
    keep.append(server)
    return client, server


def work():
    door, both = listener(socket.AF_INET, "127.0.0.1"), listener(socket.AF_INET6, "::")
    for i in range(EACH):
        pair(door, socket.AF_INET, "127.0.0.1")[0].send(b"x" * (i % 7))
        pair(both, socket.AF_INET6, "::1")[1].send(b"y" * (i % 5))
        pair(both, socket.AF_INET, "127.0.0.1")
    for _ in range(3):
        pair(door, socket.AF_INET, "127.0.0.1")[0].shutdown(socket.SHUT_WR)
        pair(both, socket.AF_INET6, "::1")[0].close()  # FIN-WAIT-2 of nobody, CLOSE-WAIT
        c, s = pair(door, socket.AF_INET, "127.0.0.1")
        c.close(), s.close()  # TIME-WAIT
    os.dup(keep[-3].fileno())
    shared = os.fork()  # a child has them all, too
    if not shared:
        signal.pause()
    return door


started, tell = os.pipe()
for number in range(PROCESSES):
    pid = os.fork()
    if not pid:
        door = work()
        os.write(tell, b".")
        if number:
            signal.pause()
        break
if pid:
    for _ in range(PROCESSES):
        os.read(started, 1)
    print("ready", flush=True)
    signal.pause()
sys.stdin.readline()
connect(door, socket.AF_INET, "127.0.0.1")
print("one waits", flush=True)
signal.pause()
