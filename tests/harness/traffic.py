"""Connections on loopback that do as they are told, one word a line on standard input:

    flow    send about 100,000 bytes a second from here to the server (its other end reads)
    stop    send no more
    churn   open and close a connection each 20 ms
    calm    no more of these
    open    one more connection that stays; prints its port
    shut    close the last one that was opened

usage: traffic.py PORT. Prints "ready" once it listens.
"""
import select, socket, sys, threading, time

port = int(sys.argv[1])
server = socket.create_server(("127.0.0.1", port), backlog=64)


def drain(c):
    while c.recv(1 << 16):
        pass
    c.close()


def serve():
    while True:
        threading.Thread(target=drain, args=(server.accept()[0],), daemon=True).start()


threading.Thread(target=serve, daemon=True).start()
out = socket.create_connection(("127.0.0.1", port))
more, flow, churn = [], False, False
print("ready", flush=True)
while True:
    if select.select([sys.stdin], [], [], 0.02)[0]:
        word = sys.stdin.readline().strip()
        if not word:
            break
        flow = {"flow": True, "stop": False}.get(word, flow)
        churn = {"churn": True, "calm": False}.get(word, churn)
        if word == "open":
            more.append(socket.create_connection(("127.0.0.1", port)))
            print(more[-1].getsockname()[1], flush=True)
        if word == "shut":
            more.pop().close()
    if flow:
        out.sendall(b"x" * 2000)
    if churn:
        socket.create_connection(("127.0.0.1", port)).close()
