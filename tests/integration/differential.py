"""Every socket as `sockeye list --json` and as ss tell of it, value by value.

differential.py SOCKEYE PIDS…: prints what differs, a line each; ends with 1 if anything did. PIDS have the sockets.

ss is asked before and after: a value is right if it is one of both, or a number between them. What is different on
purpose is in DIFFERENT, with the reason. Kinds and options that this ss does not have are not compared.
"""
import collections
import json
import re
import subprocess
import sys

# Where sockeye says something else than ss, and why.
DIFFERENT = {
    "a listener's tcp": "null: a listener has no round trips or windows; its queues are recv_q and backlog",
    "ssthresh of 2^31-1": "the kernel's word for `none yet`: ss leaves it out",
    "uid of TIME-WAIT, SYN-RECEIVED, orphans": "null: the kernel's 0 does not mean root there; ss leaves out 0",
    "control bytes in UNIX names": "written as \\x1b, in JSON as well: names are any process's to choose",
    "times left": "compared to the unit that ss prints; not for timers that run anew every moment",
    "UNIX remote": "the peer's own path; ss shows the peer's inode, which is peer_inode here",
    "UNIX sockets that wait for accept": "ss leaves their owner out, too: no process has them",
    "raw and ping sockets": "local port null: the protocol's number is not a port",
    "remote of unconnected sockets": "null, not 0.0.0.0:*",
    "send_q of connected UNIX sockets": "the bytes that the peer has not read; as in ss",
}

STATES = {"ESTAB": "ESTABLISHED", "UNCONN": "CLOSED", "SYN-RECV": "SYN-RECEIVED"}
PLAIN = {"ESTAB": "CONNECTED", "UNCONN": "UNCONNECTED", "LISTEN": "LISTEN"}
TIMERS = {"on": "retransmit", "keepalive": "keepalive", "timewait": "time-wait", "persist": "persist"}
UNITS = {"ms": 1, "sec": 1000, "min": 60000}


def number(text):
    return float(text) if "." in text else int(text)


def endpoint(text, family):
    """127.0.0.1%lo:80, [::1]:80, *:80, 0.0.0.0:* as (address, port, interface)"""
    host, port = text.rsplit(":", 1)
    device = None
    if "%" in host:
        host, device = host.split("%")
    host = host.strip("[]")
    if host == "*":
        host = "::" if family == "inet6" else "0.0.0.0"
    return host, None if port == "*" else int(port), device.rstrip("]") if device else None


def tcp_info(text):
    """What `ss -i` prints, under the names of our JSON, in our units."""
    words = {}
    out = {}
    for word in text.split():
        if ":" in word:
            key, value = word.split(":", 1)
            words.setdefault(key, value)
    for key in ("mss pmtu rcvmss advmss cwnd ssthresh bytes_sent bytes_retrans bytes_acked bytes_received segs_out segs_in "
                "data_segs_out data_segs_in delivered unacked lost sacked rcv_space rcv_ssthresh notsent snd_wnd "
                "backoff").split():
        if key in words:
            out[{"rcvmss": "rcv_mss", "notsent": "notsent_bytes"}.get(key, key)] = int(words[key])
    for theirs, ours in ("rto", "rto_us"), ("ato", "ato_us"), ("minrtt", "min_rtt_us"):
        if theirs in words:
            out[ours] = round(number(words[theirs]) * 1000)
    if "rtt" in words:
        out["rtt_us"], out["rttvar_us"] = (round(number(x) * 1000) for x in words["rtt"].split("/"))
    if "wscale" in words:
        out["snd_wscale"], out["rcv_wscale"] = map(int, words["wscale"].split(","))
    if "retrans" in words:
        out["retrans_out"], out["retransmits"] = map(int, words["retrans"].split("/"))
    for flag, ours in ("ts", "timestamps"), ("sack", "sack"), ("app_limited", "app_limited"):
        out[ours] = flag in text.split()
    for rate in "pacing_rate", "delivery_rate":
        found = re.search(rate + r" (\d+)bps", text)
        if found:
            out[rate] = int(found[1]) // 8
    found = re.search(r"\) (?:(?:ts|sack|ecn|ecnseen|fastopen) )*([a-z]+)(?: |$)", text)
    if found:
        out["congestion"] = found[1]
    return out


def ss_rows(options, proto, family):
    text = subprocess.run(["ss", "-HOaneimop", *options], capture_output=True, text=True, check=True).stdout
    for line in text.splitlines():
        words = line.split()
        row = {"proto": proto, "line": " ".join(words)}
        if proto in ("unix", "packet"):
            row["type"] = words.pop(0).split("_")[1]
        row["state"] = (STATES if proto in ("tcp", "mptcp") else PLAIN).get(words[0], words[0])
        row["recv_q"], row["send_q"] = int(words[1]), int(words[2])
        if proto == "unix":
            path, inode, peer = re.match(r"\S+ +\S+ +\d+ +\d+ +(.*?) (\d+) +\S+ (\d+) ", line).groups()
            path = re.sub(r"[\x00-\x1f\x7f]", lambda m: f"\\x{ord(m[0]):02x}", path.rstrip())
            row["path"], row["inode"], row["peer_inode"] = path, int(inode), int(peer) or None
        elif proto == "packet":
            row["interface"] = None if words[3].endswith(":*") else words[3].rsplit(":", 1)[1]
        else:
            fam = family or ("inet6" if "[" in words[3] or words[3].startswith("*") else "inet")
            host, port, device = endpoint(words[3], fam)
            row["interface"], row["local"] = device, (host, port)
            host, port, _ = endpoint(words[4], fam)
            row["remote"] = None if port is None else (host, port)
        row["owners"] = {(int(p), int(f)) for p, f in re.findall(r"pid=(\d+),fd=(\d+)", line)}
        for key, pattern in ("uid", r" uid:(\d+)"), ("inode", r" ino:(\d+) sk"):
            found = re.search(pattern, line)
            if found:
                row[key] = int(found[1]) or None
        found = re.search(r" sk:([0-9a-f]+)", line)
        if found:
            row["cookie"] = "0x" + found[1]
        found = re.search(r"fwmark:(0x[0-9a-f]+)", line)
        row["mark"] = int(found[1], 16) if found else 0
        found = re.search(r"timer:\((\w+),(?:(\d+)min)?(?:(\d+)sec)?(?:([\d.]+)ms)?,(\d+)\)", line)
        row["timer"] = found and TIMERS[found[1]]
        if found and row["timer"] in ("keepalive", "time-wait"):
            parts = [(float(found[i]), unit) for i, unit in ((2, 60000), (3, 1000), (4, 1)) if found[i]]
            row["left"] = sum(n * unit for n, unit in parts), parts[-1][1]
        found = re.search(r"skmem:\(r(\d+),rb(\d+),t(\d+),tb(\d+),.*?d(\d+)\)(.*)", line)
        if found:
            row["memory"] = dict(zip(("rmem", "rcvbuf", "wmem", "sndbuf", "drops"), map(int, found.groups()[:5])))
            if proto == "tcp" and row["state"] != "LISTEN":
                row["tcp"] = tcp_info(")" + found[6])
        yield row


def all_of_ss():
    out = {}
    for options, proto, family in (["-t4"], "tcp", "inet"), (["-t6"], "tcp", "inet6"), (["-u4"], "udp", "inet"), \
            (["-u6"], "udp", "inet6"), (["-w4"], "raw", "inet"), (["-w6"], "raw", "inet6"), (["-x"], "unix", None), \
            (["-0"], "packet", None), (["--mptcp"], "mptcp", None):
        for row in ss_rows(options, proto, family):
            # raw sockets have neither in this ss: their owner's descriptor tells them apart
            key = row.get("inode") if proto in ("unix", "packet") else row.get("cookie") or tuple(sorted(row["owners"]))
            out[proto, key] = row
    return out


def flat(o):
    """A socket of ours in the shape of ss_rows."""
    end = lambda e: e and ((e["address"], e["port"]) if "address" in e else e["path"])
    row = {k: o[k] for k in ("state", "recv_q", "send_q", "inode", "cookie", "interface", "mark", "memory", "tcp",
                             "peer_inode", "uid")}
    row.update(local=end(o["local"]), remote=end(o["remote"]), timer=o["timer"] and o["timer"]["kind"],
               owners={(x["pid"], x["fd"]) for x in o["owners"]},
               type={"stream": "str", "dgram": "dgr"}.get(o["type"], o["type"][:3]))
    if row["timer"]:
        row["timer_ms"] = o["timer"]["expires_ms"]
    row["path"] = row["local"] or "*" if o["proto"] == "unix" else None
    return row


def ours(sockeye):
    out = {}
    text = subprocess.run([sockeye, "list", "--json"], capture_output=True, text=True, check=True).stdout
    for line in text.splitlines():
        o = json.loads(line)
        key = o["inode"] if o["proto"] in ("unix", "packet") else o["cookie"] or tuple(
            sorted((x["pid"], x["fd"]) for x in o["owners"]))
        out[o["proto"], key] = o
    return out


wrong = collections.Counter()


def complain(key, field, mine, before, after, line):
    wrong[key[0], field] += 1
    if wrong[key[0], field] <= 3:
        print(f"{key[0]} {field}: {mine!r}, ss: {before!r} or {after!r} | {line[:150]}")


def right(mine, before, after):
    if mine in (before, after):
        return True
    if {mine, before} == {"persist", "retransmit"}:  # a closed window: the kernel goes from one to the other
        return True
    if isinstance(mine, (int, float)) and isinstance(before, (int, float)) and isinstance(after, (int, float)):
        return min(before, after) <= mine <= max(before, after)
    return False


def near(field, mine, theirs):
    """ss prints three digits of a time."""
    return field.endswith("_us") and isinstance(theirs, int) and abs(mine - theirs) <= theirs * 0.006


def compare(key, o, before, after):
    mine = flat(o)
    fields = [f for f in ("state", "recv_q", "send_q", "local", "remote", "interface", "owners", "timer", "mark", "path",
                          "type", "inode", "peer_inode", "cookie") if f in before]
    if key[0] in ("raw", "unix", "packet"):
        fields.remove("mark")
    if key[0] == "raw":
        fields = [f for f in fields if f not in ("timer", "local", "remote")]
        if mine["local"][0] != before["local"][0]:
            complain(key, "address", mine["local"], before["local"], None, before["line"])
    for f in fields:
        if not right(mine[f], before[f], after[f]):
            complain(key, f, mine[f], before[f], after[f], before["line"])
    if "left" in before and "left" in after:
        (most, unit), (least, _) = before["left"], after["left"]
        if not least - unit <= mine["timer_ms"] <= most + unit:
            complain(key, "timer's time", mine["timer_ms"], most, least, before["line"])
    uid = before.get("uid", 0 if before.get("inode") and key[0] in ("tcp", "udp", "mptcp") else mine["uid"])
    if mine["uid"] != uid:
        complain(key, "uid", mine["uid"], uid, None, before["line"])
    for part in "memory", "tcp":
        for f, value in before.get(part, {}).items():
            got = (mine[part] or {}).get(f)
            later = after.get(part, {}).get(f, 0)  # what is 0, ss leaves out
            if not right(got, value, later) and not near(f, got, value):
                complain(key, f"{part}.{f}", got, value, later, before["line"])


pids = {int(p) for p in sys.argv[2:]}
first, us, second = all_of_ss(), ours(sys.argv[1]), all_of_ss()
compared = collections.Counter()
for key, row in first.items():
    if key not in second:
        continue  # ss's own, or it went meanwhile
    if key not in us:
        complain(key, "row", None, row["line"], None, "")
        continue
    compared[key[0]] += 1
    compare(key, us[key], row, second[key])
kinds = {k for k, _ in first}
for key, o in us.items():
    if key[0] in kinds and key not in first and key not in second and {x["pid"] for x in o["owners"]} & pids:
        complain(key, "row", json.dumps(o)[:300], None, None, "")
print(dict(compared))
sys.exit(1 if wrong or compared["tcp"] < 40 or compared["unix"] < 20 else 0)
