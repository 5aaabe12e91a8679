"""Sends what the tests of raw sockets listen to.

packets.py echo ADDRESS       an ICMP or ICMPv6 echo request, and waits for its reply
packets.py udp ADDRESS BYTES  one UDP datagram to port 4000
packets.py flood ADDRESS N    N UDP datagrams to port 4000
packets.py options ADDRESS    an IPv6 UDP datagram with hop limit 7, class 0xb8, hop-by-hop and destination options
packets.py vlan DEVICE        a frame of VLAN 42 with an IPv4 header
"""

import socket
import struct
import sys


def address(name):
    family, _, _, _, at = socket.getaddrinfo(name, 4000, type=socket.SOCK_DGRAM)[0]
    return family, at


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def echo(name):
    family, at = address(name)
    if family == socket.AF_INET6:  # the kernel fills the checksum in
        s = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
        s.sendto(struct.pack("!BBHHH", 128, 0, 0, 77, 1), (at[0], 0))
        reply = 129
    else:
        s = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        empty = struct.pack("!BBHHH", 8, 0, 0, 77, 1)
        s.sendto(struct.pack("!BBHHH", 8, 0, checksum(empty), 77, 1), (at[0], 0))
        reply = 0
    s.settimeout(10)
    while True:
        data = s.recv(4096)
        if data[20 if family == socket.AF_INET else 0] == reply:
            return


def udp(name, size):
    family, at = address(name)
    socket.socket(family, socket.SOCK_DGRAM).sendto(b"x" * int(size), at)


def flood(name, count):
    family, at = address(name)
    s = socket.socket(family, socket.SOCK_DGRAM)
    for _ in range(int(count)):
        s.sendto(b"x" * 100, at)


def options(name):
    _, at = address(name)
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    pad = struct.pack("!BBBB4x", 0, 0, 1, 4)  # an empty option header: PadN
    s.sendmsg(
        [b"optional"],
        [
            (socket.IPPROTO_IPV6, socket.IPV6_HOPLIMIT, struct.pack("i", 7)),
            (socket.IPPROTO_IPV6, socket.IPV6_TCLASS, struct.pack("i", 0xB8)),
            (socket.IPPROTO_IPV6, socket.IPV6_HOPOPTS, pad),
            (socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS, pad),
        ],
        0,
        at,
    )


def vlan(device):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    s.bind((device, 0))
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20, 0, 0, 9, 59, 0, bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
    s.send(b"\xff" * 6 + b"\x02" * 6 + struct.pack("!HHH", 0x8100, 42, 0x0800) + ip)


{"echo": echo, "udp": udp, "flood": flood, "options": options, "vlan": vlan}[sys.argv[1]](*sys.argv[2:])
