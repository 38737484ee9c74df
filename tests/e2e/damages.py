#!/usr/bin/env python3
"""Random damages of a repository, COUNT of each class: nothing crashes or hangs, what is saved or
brought back is what was there, and what a page checksum would have shown is found.
usage: damages.py REPOSITORY COUNT SEED [full]   with the commands on the PATH; "full": the
repository is a small file system of its own, which is filled up, too."""
import collections
import os
import random
import re
import shutil
import subprocess
import sys

PAGE = 4096
repository, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
file = repository + "/odm.db"
kept = os.path.dirname(os.path.dirname(repository)) + "/kept"
figures = collections.Counter()
label = ""
CLASSES = "CuDv CuAt CuDep CuDvDr CuVPD PdDv PdAt PdCn PdMsg Config_Rules".split()


def fail(text):
    sys.exit(f"FAILED: {label}: {text}")


def run(*words, statuses=(0, 1)):
    """A command's standard output, standard error and exit status, which no crash or hang has."""
    try:
        done = subprocess.run(words, capture_output=True, timeout=120)
    except subprocess.TimeoutExpired:
        fail(f"{' '.join(words)} hangs")
    out, err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
    if done.returncode not in statuses or "Sanitizer" in err or "runtime error" in err:
        fail(f"{' '.join(words)}: exit status {done.returncode}\n{out[-2000:]}\n{err}")
    if "odmcfg init makes" in err:
        fail(f"{' '.join(words)} advises init: {err}")
    return out, err, done.returncode


def objects():
    """All objects as stanzas, and whether they could be read."""
    out, err, status = run("odmget", *CLASSES)
    return collections.Counter(s.strip() for s in out.split("\n\n") if s.strip()), status, err


def contents():
    with open(file, "rb") as stream:
        return stream.read()


def write(data, keep_date=False):
    status = os.stat(file)
    with open(file, "wb") as stream:
        stream.write(data)
    if keep_date:
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def empty():
    for entry in os.listdir(repository):
        os.unlink(f"{repository}/{entry}")


def reset(source):
    empty()
    for entry in os.listdir(source):
        shutil.copy2(f"{source}/{entry}", repository)


def keep(name):
    target = f"{kept}/{name}"
    shutil.copytree(repository, target)
    return target


def flip(data):
    data = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8))):
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return bytes(data)


def truncate(data):
    return data[: random.randrange(len(data))]


def zero(data):
    data = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 4))):
        start = random.randrange(len(data) // PAGE) * PAGE
        data[start : start + PAGE] = bytes(PAGE)
    return bytes(data)


def mask(data):
    """Without the counters of SQLite's header and how the file is written."""
    data = bytearray(data)
    for start, end in ((18, 20), (24, 28), (40, 44), (92, 100)):
        data[start:end] = bytes(len(data[start:end]))
    return data


def commands():
    """What is used every day: reading and writing."""
    run("lsdev", "-C")
    # 255: it is not known.
    run("lsattr", "-El", "tmscsi1", statuses=(0, 1, 255))
    run("chdev", "-l", "tmscsi1", "-a", "num_bufs=99", "-P", statuses=(0, 1, 255))
    run("odmcfg", "log", "-n", "3")


def repair(damaged, exact):
    """What check --repair saves is what was there; the damaged file stays as it was."""
    out, err, _ = run("odmcfg", "check", "--repair")
    if "were saved" not in out:
        figures["nothing to save" if "nothing was saved" in out else "nothing to repair"] += 1
        if "nothing was saved" in out and contents() != damaged:
            fail("the file was written to, and nothing saved")
        return
    figures["saved"] += 1
    with open(repository + "/damaged-odm.db", "rb") as stream:
        if stream.read() != damaged:
            fail("what is kept is not what was damaged")
    saved, status, err = objects()
    if status != 0:
        fail(f"what was saved can't be read: {err}")
    if "is damaged" in run("odmcfg", "check")[1]:
        fail("what was saved is damaged")
    wrong = saved - good
    figures["objects"] += sum(good.values())
    figures["objects saved"] += sum((saved & good).values())
    figures["objects saved wrong"] += sum(wrong.values())
    if exact and wrong:
        fail(f"saved and never there: {next(iter(wrong))}")
    for name, lost in re.findall(r"^(\w+): \d+ objects saved, (\d+) lost$", out, re.M):
        missing = sum(n for s, n in (good - saved).items() if s.startswith(name + ":"))
        if name in CLASSES and exact and missing != int(lost):
            fail(f"{name}: {missing} are lost, {lost} were told")


def bring_back():
    run("odmcfg", "restore", "--newest", statuses=(0,))
    if objects()[:2] != (good, 0):
        fail("what was brought back is not what was there")
    run("odmcfg", "check", statuses=(0,))


def damage(how, exact):
    reset(sound)
    before = contents()
    damaged = how(before)
    if damaged == before:
        return
    # As a disk does it that loses something: nobody wrote. Counters that any copy has otherwise
    # are no damage.
    write(damaged, keep_date=True)
    harmless = mask(damaged) == mask(before)
    found, status, _ = objects()
    silent = status == 0 and found != good
    figures["damages"] += 1
    figures["told by the reading command"] += status != 0
    if run("odmcfg", "check")[2] == 0 and not harmless:
        fail("damage that a checksum shows is not found by odmcfg check")
    figures["wrong values, read without a word"] += silent
    # And as if somebody had written since: SQLite's own check is left.
    reset(sound)
    write(damaged)
    told = run("odmcfg", "check")[2] != 0
    figures["found by SQLite's check alone"] += told
    figures["wrong values that SQLite's check alone misses"] += silent and not told
    commands()
    reset(sound)
    write(damaged)
    repair(damaged, exact)
    reset(sound)
    write(damaged)
    bring_back()


def lose_log():
    """The log is gone, cut off or has other bits: the state is one that there was, or it is told."""
    reset(logged)
    log = file + "-wal"
    for entry in ("odm.db-shm",):
        if os.path.exists(f"{repository}/{entry}"):
            os.unlink(f"{repository}/{entry}")
    with open(log, "rb") as stream:
        data = stream.read()
    how = random.choice((None, truncate, flip, flip))
    if how is None:
        os.unlink(log)
    else:
        with open(log, "wb") as stream:
            stream.write(how(data))
    figures["damages"] += 1
    found, status, err = objects()
    if status != 0 and "damaged" not in err:
        fail(err)
    if status == 0:
        if found not in states:
            fail("a state that never was")
        figures["an older state"] += found != states[-1]
    commands()
    bring_back()


def full_disk():
    """The disk is full while it is recovered: what was there is not lost, and with room it works."""
    reset(sound)
    command = random.choice((["check", "--repair"], ["restore", "--newest"], ["backup", "--keep"]))
    # A bit that SQLite's check does not see would be in the new copy.
    ways = (truncate, zero) if command[0] == "backup" else (flip, truncate, zero)
    write(random.choice(ways)(contents()))
    status = os.statvfs(repository)
    room = random.randrange(1200) * 1024
    filler = repository + "/filler"
    with open(filler, "wb") as stream:
        stream.write(bytes(max(0, status.f_bavail * status.f_frsize - room)))
    figures["damages"] += 1
    _, err, status = run("odmcfg", *command)
    figures["failed"] += status != 0
    figures["failed, for there was no room"] += "full" in err
    run("lsdev", "-C")
    os.unlink(filler)
    names = sorted(n for n in os.listdir(repository) if n.startswith("salvage"))
    if names:
        fail(f"left behind: {names}")
    bring_back()


def each(name, routine, *arguments):
    global label, figures
    if os.environ.get("DAMAGES_CLASS", name) != name:
        return
    figures = collections.Counter()
    for number in range(count):
        label = f"{name}, seed {seed + number}"
        random.seed(f"{name} {seed + number}")
        routine(*arguments)
    print(f"{name}: seeds {seed} to {seed + count - 1}")
    for key, value in figures.items():
        print(f"    {value:8d} {key}")
    sys.stdout.flush()


good, status, error = objects()
if status != 0:
    fail(error)
sound = keep("sound")
# Five transactions that are in the log alone; the copy beside them is of the state before.
states = [good]
for number in range(5):
    stanza = f"{kept}/stanza"
    with open(stanza, "w") as stream:
        stream.write(f"CuDep:\n\tname = vbus0\n\tdependency = d{number}\n")
    run("odmadd", stanza, statuses=(0,))
    states.append(objects()[0])
os.unlink(f"{kept}/stanza")
logged = keep("logged")
if not os.path.getsize(f"{logged}/odm.db-wal"):
    fail("no log")

each("bit flips", damage, flip, False)
each("truncations", damage, truncate, True)
each("zeroed pages", damage, zero, True)
each("lost or damaged log", lose_log)
if sys.argv[4:] == ["full"]:
    each("full disk in recovery", full_disk)
