"""A lively network for the monkey: connections of every kind that open, talk, close, are reset and die with their process.

usage: monkey_world.py DIRECTORY. Prints "ready"; runs until it is killed. Everything is on loopback, on ports 7000 to 7099,
and on UNIX sockets in DIRECTORY.
"""
import os, random, signal, socket, struct, sys, threading, time

where = sys.argv[1]
PACE = 0.05  # seconds between two happenings of each kind
HOLD = 25    # clients of the crowded listener that stay
dice = random.Random(7)


def quietly(what):
    while True:
        try:
            what()
        except OSError:
            pass
        time.sleep(PACE)


def always(what):
    threading.Thread(target=quietly, args=(what,), daemon=True).start()


def talk(c):
    """An echo that sometimes forgets to close, or resets."""
    try:
        c.settimeout(3)
        while data := c.recv(4096):
            c.sendall(data)
        if dice.random() < 0.2:
            time.sleep(1)  # CLOSE-WAIT for a while
        if dice.random() < 0.2:
            c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except OSError:
        pass
    c.close()


def serve(server):
    def one():
        c = server.accept()[0]
        threading.Thread(target=talk, args=(c,), daemon=True).start()
    always(one)


def listener(family, address, backlog=64):
    s = socket.socket(family, socket.SOCK_STREAM)
    if family != socket.AF_UNIX:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(address)
    s.listen(backlog)
    return s


tcp = [listener(socket.AF_INET, ("127.0.0.1", 7000)), listener(socket.AF_INET6, ("::", 7001))]
unix = listener(socket.AF_UNIX, f"{where}/echo")
abstract = listener(socket.AF_UNIX, "\0monkey\n\x1b[31m")
full = listener(socket.AF_INET, ("127.0.0.1", 7002), 1)  # nobody accepts: its queue stays full
for s in tcp + [unix, abstract]:
    serve(s)
crowd = [socket.create_connection(("127.0.0.1", 7000)) for _ in range(HOLD)]
datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
datagrams.bind(("127.0.0.1", 7000))


def client():
    ends = [(socket.AF_INET, ("127.0.0.1", 7000)), (socket.AF_INET6, ("::1", 7001)), (socket.AF_INET6, ("::ffff:127.0.0.1", 7001)),
            (socket.AF_UNIX, f"{where}/echo"), (socket.AF_UNIX, "\0monkey\n\x1b[31m")]
    family, address = dice.choice(ends)
    with socket.socket(family, socket.SOCK_STREAM) as c:
        c.settimeout(2)
        c.connect(address)
        for _ in range(dice.randrange(4)):
            c.sendall(dice.choice([b"x" * 3000, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"\x1b[2J\xff\n", "žluťoučký 漢字\n".encode()]))
            c.recv(4096)
        if dice.random() < 0.3:
            c.shutdown(socket.SHUT_WR)
        if dice.random() < 0.2 and family != socket.AF_UNIX:
            c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def datagram():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as c:
        c.sendto(b"a datagram", ("127.0.0.1", dice.choice([7000, 7050])))  # nobody is at 7050
        datagrams.recv(100)


def pair():
    a, b = socket.socketpair(socket.AF_UNIX, dice.choice([socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET]))
    a.send(b"pair")
    b.recv(100)
    a.close()
    b.close()


def refused():
    socket.create_connection(("127.0.0.1", 7051), timeout=1)


def impatient():
    s = socket.socket()
    s.setblocking(False)
    s.connect_ex(("127.0.0.1", 7002))
    time.sleep(0.5)
    s.close()


def crowded():
    i = dice.randrange(HOLD)
    crowd[i].close()
    crowd[i] = socket.create_connection(("127.0.0.1", 7000))


def mortal():
    """A process with sockets, which are shared with another one, and which is killed."""
    pid = os.fork()
    if pid == 0:
        held = [socket.create_connection(("127.0.0.1", 7000)), socket.socket(socket.AF_UNIX), listener(socket.AF_INET, ("127.0.0.1", 0))]
        if os.fork() == 0:
            time.sleep(0.5)
            os._exit(0)
        time.sleep(60)
        os._exit(len(held))
    time.sleep(0.3)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


for what in (client, client, datagram, pair, refused, impatient, crowded):
    always(what)
print("ready", flush=True)
while True:
    try:
        mortal()
    except OSError:
        pass
    time.sleep(0.5)
