"""
A tree as the kernel's, with adapters and disks that come, go and change their names in random order:
watch_storm.py TREE make|step COUNT SEED|check DATABASE. A disk is known by its wwid. What is true is in
TREE.state. Each change is one rename or one link, as the kernel shows a device whole or not at all.
"""
import json, os, random, shutil, subprocess, sys

tree, command = sys.argv[1:3]
ADAPTERS, TARGETS, DISKS = 3, 24, 40


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text + "\n")


def adapter_directory(adapter):
    return f"{tree}/devices/pci0000:00/0000:00:{adapter + 5:02x}.0"


def scsi_directory(disk):
    host, target = disk["adapter"], disk["target"]
    return f"{adapter_directory(host)}/host{host}/target{host}:0:{target}/{host}:0:{target}:0"


def make_adapter(adapter):
    aside = f"{tree}/aside"
    for file, text in (("vendor", "0x1000"), ("device", "0x0030"), ("class", "0x010000"), ("irq", "11")):
        write(f"{aside}/{file}", text)
    os.makedirs(os.path.dirname(adapter_directory(adapter)), exist_ok=True)
    os.rename(aside, adapter_directory(adapter))
    link = f"{tree}/bus/pci/devices/0000:00:{adapter + 5:02x}.0"
    os.makedirs(os.path.dirname(link), exist_ok=True)
    os.symlink(f"../../../devices/pci0000:00/0000:00:{adapter + 5:02x}.0", link)


def show(disk, wwid):
    """The disk appears, with the kernel's own values."""
    aside, directory = f"{tree}/aside", scsi_directory(disk)
    block = f"{aside}/block/{disk['name']}"
    write(f"{aside}/wwid", wwid)
    write(f"{aside}/model", "Storm")
    write(f"{block}/size", "2048")
    for file, text in (("read_ahead_kb", "128"), ("nr_requests", "64"), ("scheduler", "[none] mq-deadline")):
        write(f"{block}/queue/{file}", text)
    os.symlink("../..", f"{block}/device")
    os.makedirs(os.path.dirname(directory), exist_ok=True)
    os.rename(aside, directory)
    os.makedirs(f"{tree}/block", exist_ok=True)
    os.symlink(f"../{os.path.relpath(directory, tree)}/block/{disk['name']}", f"{tree}/block/{disk['name']}")


def hide(disk):
    os.unlink(f"{tree}/block/{disk['name']}")
    os.rename(scsi_directory(disk), f"{tree}/away")
    shutil.rmtree(f"{tree}/away")


def free_place(state):
    taken = {(d["adapter"], d["target"]) for d in state["disks"].values()}
    names = {d["name"] for d in state["disks"].values()}
    places = [(a, t) for a in state["adapters"] for t in range(TARGETS) if (a, t) not in taken]
    letters = [f"sd{chr(97 + i)}{chr(97 + j)}" for i in range(4) for j in range(26)]
    adapter, target = random.choice(places)
    return {"adapter": adapter, "target": target, "name": random.choice([n for n in letters if n not in names])}


def add(state):
    absent = [w for w in state["known"] if w not in state["disks"]]
    if absent and state["adapters"]:
        wwid = random.choice(absent)
        state["disks"][wwid] = free_place(state)
        show(state["disks"][wwid], wwid)


def remove(state):
    if state["disks"]:
        wwid = random.choice(sorted(state["disks"]))
        hide(state["disks"].pop(wwid))


def rename(state):
    """It reappears under another name, as after a reset of its bus, at its place or another."""
    if state["disks"]:
        wwid = random.choice(sorted(state["disks"]))
        place = free_place(state)
        if random.random() < 0.5:
            place.update(adapter=state["disks"][wwid]["adapter"], target=state["disks"][wwid]["target"])
        hide(state["disks"].pop(wwid))
        state["disks"][wwid] = place
        show(place, wwid)


def swap(state):
    """Two disks have each other's place and name."""
    if len(state["disks"]) > 1:
        one, other = random.sample(sorted(state["disks"]), 2)
        for wwid in one, other:
            hide(state["disks"][wwid])
        state["disks"][one], state["disks"][other] = state["disks"][other], state["disks"][one]
        for wwid in one, other:
            show(state["disks"][wwid], wwid)


def adapter(state):
    """An adapter goes with all that hangs on it, or comes back alone."""
    which = random.randrange(ADAPTERS)
    if which not in state["adapters"]:
        make_adapter(which)
        state["adapters"].append(which)
        return
    if len(state["adapters"]) == 1:
        return
    for wwid in [w for w, d in state["disks"].items() if d["adapter"] == which]:
        hide(state["disks"].pop(wwid))
    state["adapters"].remove(which)
    os.unlink(f"{tree}/bus/pci/devices/0000:00:{which + 5:02x}.0")
    os.rename(adapter_directory(which), f"{tree}/away")
    shutil.rmtree(f"{tree}/away")


def save(state):
    with open(f"{tree}.state", "w") as file:
        json.dump(state, file)


def make():
    state = {"adapters": list(range(ADAPTERS)), "disks": {}, "known": [f"naa.5000c5{n:010x}" for n in range(DISKS)]}
    for which in range(ADAPTERS):
        make_adapter(which)
    random.seed(1)
    for _ in range(DISKS):
        add(state)
    save(state)


def output(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def stanzas(text):
    objects = []
    for line in text.splitlines():
        if line.endswith(":") and not line.startswith("\t"):
            objects.append({})
        elif "=" in line:
            key, value = line.split(" = ", 1)
            objects[-1][key.strip()] = value.strip().strip('"')
    return objects


def check(state):
    devices = {d["name"]: d for d in stanzas(output("odmget", "-q", "PdDvLn = 'disk/scsi/lxdisk'", "CuDv"))}
    values = {}
    for item in stanzas(output("odmget", "CuAt")):
        values.setdefault(item["name"], {})[item["attribute"]] = item["value"]
    by_id, wrong = {}, []
    for name in devices:
        by_id.setdefault(values[name]["unique_id"], []).append(name)
    for wwid in state["known"]:
        names = by_id.get(wwid, [])
        if len(names) != 1:
            wrong.append(f"{wwid} is {names}")
            continue
        device, stored = devices[names[0]], values[names[0]]
        disk = state["disks"].get(wwid)
        if disk is None:
            if device["status"] != "0" or device["chgstatus"] != "3":
                wrong.append(f"{names[0]} is gone and not missing: {device}")
            continue
        if device["status"] != "1" or device["chgstatus"] == "3" or stored["os_name"] != disk["name"] or \
                device["connwhere"] != f"0,{disk['target']},0":
            wrong.append(f"{names[0]} is {disk}: {device} {stored}")
        # Given by the test: its number.
        if stored.get("read_ahead_kb") != str(1000 + 4 * int(wwid[-4:], 16)):
            wrong.append(f"{names[0]} lost its value: {stored}")
        with open(f"{tree}/block/{disk['name']}/queue/read_ahead_kb") as file:
            there = file.read().strip()
        if there != stored.get("read_ahead_kb"):
            wrong.append(f"{names[0]} has {there} in the tree, {stored.get('read_ahead_kb')} stored")
    for which in range(ADAPTERS):
        found = [d for d in stanzas(output("odmget", "-q", "PdDvLn = 'adapter/pci/lxscsi'", "CuDv"))
                 if d["connwhere"] == f"0000:00:{which + 5:02x}.0"]
        if len(found) != 1 or (found[0]["status"] == "1") != (which in state["adapters"]):
            wrong.append(f"adapter {which}: {found}")
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


if command == "make":
    make()
else:
    with open(f"{tree}.state") as file:
        state = json.load(file)
    if command == "check":
        check(state)
    random.seed(int(sys.argv[4]))
    for _ in range(int(sys.argv[3])):
        random.choice([add, add, remove, rename, swap, add, remove, rename, swap, adapter])(state)
    save(state)
