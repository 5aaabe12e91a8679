"""Sockets of every kind, in every state that stays: what list_differential.sh compares. Prints `ready`, then a line
for each kind that this kernel does not have; keeps everything until it is killed.
"""
import ctypes
import errno
import os
import signal
import socket

keep = []  # sockets that nobody closes
INET, INET6, UNIX = socket.AF_INET, socket.AF_INET6, socket.AF_UNIX
STREAM, DGRAM, SEQPACKET = socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET


def new(family, kind, protocol=0):
    s = socket.socket(family, kind, protocol)
    keep.append(s)
    return s


def listener(family, host, port, backlog=8, options=(), protocol=0):
    s = new(family, STREAM, protocol)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    for option in options:
        s.setsockopt(*option)
    s.bind((host, port))
    s.listen(backlog)
    return s


def pair(door, family=INET, host=None, protocol=0):
    client = new(family, STREAM, protocol)
    client.connect((host or door.getsockname()[0], door.getsockname()[1]))
    server = door.accept()[0]
    keep.append(server)
    return client, server


def optional(what):
    """A kind that a kernel may lack."""
    def run(make):
        try:
            make()
        except OSError as e:
            print("without", what, errno.errorcode.get(e.errno, e.errno))
    return run


# --- TCP ---
door = listener(INET, "127.0.0.1", 8100)
door6 = listener(INET6, "::1", 8101)
both = listener(INET6, "::", 8102, options=[(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)])
only6 = listener(INET6, "::", 8103, options=[(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)])
any4 = listener(INET, "0.0.0.0", 8104)
for d, f, h in (door, INET, None), (door6, INET6, None), (both, INET, "127.0.0.1"), (both, INET6, "::1"), \
               (both, INET6, "::ffff:127.0.0.1"), (any4, INET, "127.9.8.7"):
    c, s = pair(d, f, h)
    c.send(b"x" * 1234)
    s.recv(2000)
    s.send(b"y" * 77)  # waits in the client's queue
for congestion in open("/proc/sys/net/ipv4/tcp_available_congestion_control").read().split():
    c, s = pair(door)
    c.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, congestion.encode())
    c.send(b"z" * 5000)
    s.recv(5000)

full = listener(INET, "127.0.0.1", 8105, 0)  # a queue that is full: the rest stays in SYN-SENT
for _ in range(4):
    c = new(INET, STREAM)
    c.setblocking(False)
    c.connect_ex(("127.0.0.1", 8105))
waiting = listener(INET6, "::1", 8106, 5)  # three wait for accept
for _ in range(3):
    new(INET6, STREAM).connect(("::1", 8106))
deferred = listener(INET, "127.0.0.1", 8107, options=[(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 60)])
new(INET, STREAM).connect(("127.0.0.1", 8107))  # SYN-RECEIVED at the server

c, s = pair(door)  # FIN-WAIT-2 and CLOSE-WAIT
c.shutdown(socket.SHUT_WR)
s.recv(1)
c, s = pair(door6, INET6)  # TIME-WAIT
c.close(), s.recv(1), s.close()


def stuff(s):
    """Until the other side's window and our buffer are full."""
    s.setblocking(False)
    try:
        while s.send(b"f" * 65536):
            pass
    except BlockingIOError:
        pass


c, s = pair(door)  # FIN-WAIT-1: the end waits behind bytes that nobody reads
stuff(c)
c.shutdown(socket.SHUT_WR)
c, s = pair(door)  # LAST-ACK, an orphan
s.shutdown(socket.SHUT_WR)
c.recv(1)
stuff(c)
c.close()
c, s = pair(door)  # bytes on both sides, a closed window
stuff(c), stuff(s)
c, s = pair(door6, INET6)  # timers of keepalive
for x in c, s:
    x.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    x.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 3000)


@optional("a mark")
def _():
    c, _ = pair(door)
    c.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, 0x2a)


@optional("a device")
def _():
    s = new(INET, DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo\0")
    s.bind(("127.0.0.1", 8110))
    s = new(INET, STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo\0")
    s.bind(("127.0.0.1", 8111))
    s.listen()


@optional("another user")
def _():
    os.seteuid(65534)
    try:
        listener(INET, "127.0.0.1", 8112)
        new(INET, DGRAM).bind(("127.0.0.1", 8112))
    finally:
        os.seteuid(0)


# One socket of two processes, and one descriptor twice.
shared = listener(INET, "127.0.0.1", 8113)
keep.append(shared.dup())
if os.fork() == 0:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    for s in keep:
        if s is not shared:
            s.close()
    signal.pause()

# --- UDP ---
u = new(INET, DGRAM)
u.bind(("127.0.0.1", 8200))
u6 = new(INET6, DGRAM)
u6.bind(("::", 8201))
v = new(INET, DGRAM)
v.connect(("127.0.0.1", 8200))
v.send(b"d" * 300)  # waits
new(INET6, DGRAM).connect(("::1", 8201))
m = new(INET6, DGRAM)
m.connect(("::ffff:127.0.0.1", 8200))
for _ in range(2):
    s = new(INET, DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    s.bind(("127.0.0.1", 8202))
small = new(INET, DGRAM)
small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2304)
small.bind(("127.0.0.1", 8203))
for _ in range(20):  # some are dropped
    v.sendto(b"e" * 500, ("127.0.0.1", 8203))


@optional("UDP-Lite")
def _():
    s = new(INET, DGRAM, 136)
    s.bind(("127.0.0.1", 8204))
    new(INET6, DGRAM, 136).bind(("::1", 8205))


# --- UNIX ---
where = os.environ["TMPDIR"]
for i, kind in enumerate((STREAM, SEQPACKET)):
    for name in f"{where}/u{i}", f"\0abstract-{i}":
        d = new(UNIX, kind)
        d.bind(name)
        d.listen(7)
        c = new(UNIX, kind)
        c.connect(name)
        keep.append(d.accept()[0])
        c.send(b"b" * 40)
        new(UNIX, kind).connect(name)  # waits for accept
d = new(UNIX, DGRAM)
d.bind(f"{where}/dgram")
c = new(UNIX, DGRAM)
c.connect(f"{where}/dgram")
c.send(b"one")
new(UNIX, DGRAM).bind("\0with a \x01 and \xff")
new(UNIX, STREAM)  # of no use yet
for kind in STREAM, DGRAM, SEQPACKET:
    keep.extend(socket.socketpair(UNIX, kind))


# --- others ---
@optional("packet sockets")
def _():
    s = new(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    s.bind(("lo", 0x0806))
    new(socket.AF_PACKET, DGRAM, 0)


@optional("raw sockets")
def _():
    new(INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    s = new(INET, socket.SOCK_RAW, 253)
    s.bind(("127.0.0.1", 0))
    s.connect(("127.0.0.2", 0))
    new(INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)


@optional("ping sockets")
def _():
    open("/proc/sys/net/ipv4/ping_group_range", "w").write("0 0")
    new(INET, DGRAM, socket.IPPROTO_ICMP).bind(("127.0.0.1", 77))


@optional("netlink sockets")
def _():
    new(socket.AF_NETLINK, socket.SOCK_RAW, 0).bind((0, 0))
    new(socket.AF_NETLINK, DGRAM, 15).bind((0, 1))


@optional("MPTCP")
def _():
    d = listener(INET, "127.0.0.1", 8300, protocol=262)
    pair(d, protocol=262)


print("ready", flush=True)
signal.pause()
