"""What sockeye said of sockets that came and went (on standard input), against the log of tests/bench/churn.c.

churn_check.py rows TRUTH    rows of `list --json`, of many looks
churn_check.py events TRUTH  events of `list --watch --json`

Prints what is wrong (three examples of each), then a summary; ends with 1 if anything was.
"""
import collections
import json
import sys

owned, names, ends, resets = collections.defaultdict(set), collections.defaultdict(set), {}, set()
for line in open(sys.argv[2]):
    what, key, *rest = line.split()
    if what == "own":
        owned[key].add((int(rest[0]), int(rest[1])))
    elif what == "name":
        names[int(key)].add(rest[0])
    elif what == "reset":
        resets.add(key)
    else:
        ends[key] = int(rest[0])

wrong = collections.Counter()


def complain(what, row, detail=""):
    wrong[what] += 1
    if wrong[what] <= 3:
        print(what, detail, json.dumps({k: row[k] for k in row if k not in ("tcp", "memory", "timer") and row[k]}))


def right_owners(row, cookie, owners, whose):
    for o in owners:
        if (o["pid"], o["fd"]) not in owned[cookie]:
            complain(f"{whose} never had it", row)
        elif o["process"] not in names[o["pid"]]:
            complain(f"{whose} was never called so", row)


def right_reason(row):
    if bool(row["owners"]) == bool(row["owner_reason"]):
        complain("owners, or a reason", row)
    # Nothing else can be: we may see everything, and all of it happens here. But a descriptor on its way to another
    # process (SCM_RIGHTS) is the kernel's alone.
    passed = len({pid for pid, _ in owned[row["cookie"]]}) > 1
    if row["owner_reason"] not in (None, "time-wait", "orphan", "exited") and not passed:
        complain("a wrong reason", row)


cookies = {}  # by both ends, which no two connections of a run share at one time


def ends_of(row, turned=False):
    a, b = row["local"], row["remote"]
    return str((b, a) if turned else (a, b))


def check_row(row):
    cookie = row["cookie"]
    if cookie not in owned:
        # a server's end that nobody has accepted yet, and some listener of other things
        return False
    right_owners(row, cookie, row["owners"], "owner")
    right_reason(row)
    if row["remote"]:
        cookies.setdefault(ends_of(row), set()).add(cookie)
    return True


def check_peers(rows):
    for row in rows:
        if not row["remote"] or row["cookie"] not in owned:
            continue
        theirs = set().union(*(owned[c] for c in cookies.get(ends_of(row, True), ())))
        for o in row["peer_owners"]:
            if (o["pid"], o["fd"]) not in theirs:
                complain("peer owner never had it", row)


def rows():
    all_rows = [json.loads(line) for line in sys.stdin]
    seen = [r for r in all_rows if check_row(r)]
    check_peers(seen)
    alive = [r for r in seen if r["state"] == "ESTABLISHED"]
    unowned = [r for r in alive if not r["owners"]]
    # What closes between the dump and the look for owners may have none: it is in no later look. Who calls and is in a
    # later look was some process' all the time; a server's end is nobody's until it is accepted, which is soon.
    listening = {r["local"]["port"] for r in all_rows if r["state"] == "LISTEN"}
    last = {r["cookie"]: r for r in alive}
    staying = [r for r in alive if r is not last[r["cookie"]]]
    bare = [r for r in staying if not r["owners"]]
    for r in bare:
        if r["local"]["port"] not in listening:
            complain("it was there before and after, yet has no owner", r)
    if len(bare) * 50 > len(staying):
        complain("too many have no owner", bare[0])
    print(f"{len(all_rows)} rows, {len(seen)} of the churn, {len(alive)} established, {len(unowned)} of them unowned")
    return len(seen)


def final_counters(row):
    want, tcp = ends[row["cookie"]], row["tcp"]
    if not tcp:
        complain("no final counters", row)
    elif tcp["bytes_sent"] != want or tcp["bytes_received"] not in (want, want + 1):  # a FIN counts as a byte
        complain("wrong final counters", row, f"{tcp['bytes_sent']} and {tcp['bytes_received']} instead of {want}")


def events():
    here, counts, seen = {}, collections.Counter(), []
    last_time = ""
    for line in sys.stdin:
        e = json.loads(line)
        row, kind = e["socket"], e["event"]
        cookie = row["cookie"]
        counts[kind] += 1
        if kind == "opened" and cookie in here:
            complain("opened twice", row)
        if kind != "opened" and here.get(cookie) != "open":
            complain(f"{kind} but not there", row)
        here[cookie] = "closed" if kind == "closed" else "open"
        if check_row(row):
            seen.append(row)
            if kind == "closed" and cookie in ends and cookie not in resets:
                final_counters(row)
    check_peers(seen)
    missing = [c for c in ends if c not in here]
    if missing:
        complain("never told of", {"cookie": missing[:5]}, f"{len(missing)} of {len(ends)}")
    left = [c for c in ends if here.get(c) == "open"]
    if left and "--all-closed" in sys.argv:
        complain("never closed", {"cookie": left[:5]}, f"{len(left)} of {len(ends)}")
    print(f"{dict(counts)}, {len(ends)} sockets of the churn, {len(left)} of them not closed yet")
    return len(seen)


count = rows() if sys.argv[1] == "rows" else events()
for what, times in wrong.items():
    print(f"{times} times: {what}")
sys.exit(1 if wrong or not count else 0)
