#!/usr/bin/env python3
"""Makes a root's devices those of a recorded AIX host, and compares what our commands print with it.

usage: twin.py RECORDINGS HOST FOLDER DIFFERENCES

RECORDINGS has lsdev/, lscfg/ and lsattr/ with files HOST-WHAT. What a host has is read from them: nothing of
it is here. FOLDER is for the description and the device types that are made. ODMCFG_ROOT is a root that
odmcfg init made, without devices. DIFFERENCES is a sed script that makes of the recorded lines those that
are ours: each of its commands has to be needed, and its comments say why. Lines of it that are no commands:
  @NAME               the commands of another script in its folder
  =order REGEXP       of listings KIND/WHAT that match the order of the lines is not compared,
  =values REGEXP      of listings of attributes only those that are recorded, and what they say
"""
import glob
import os
import re
import subprocess
import sys

recordings, host, folder, differences = sys.argv[1:5]
METHODS = """methods = {
  define = "/usr/lib/methods/define"; configure = "/usr/lib/methods/%s"; change = "/usr/lib/methods/chggen";
  unconfigure = "/usr/lib/methods/ucfggen"; undefine = "/usr/lib/methods/undefine";
};
"""
# What releases call a keyword, beside our own labels.
KEYWORDS = {
    "Brand": "BR", "Displayable Message": "DS", "EC Level": "EC", "FRU Number": "FN", "Hardware Location Code": "YL",
    "Machine Type and Model": "TM", "Manufacturer": "MF", "Manufacture ID": "MF", "Network Address": "NA",
    "Part Number": "PN", "ROM Level (alterable)": "RM", "ROM Level.(alterable)": "RM", "ROS Level and ID": "RL",
    "Serial Number": "SN",
}


def fail(text):
    sys.exit("FAILED: %s: %s" % (host, text))


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        fail("%s: %s" % (" ".join(command), done.stdout + done.stderr))
    return done.stdout


def recorded(kind):
    """The host's files of a kind, by what they are of."""
    files = {}
    for path in sorted(glob.glob(os.path.join(recordings, kind, host + "-*"))):
        with open(path, encoding="ascii") as file:
            files[os.path.basename(path)[len(host) + 1:]] = file.read().split("\n")
    return files


def quoted(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')


class Device:
    """A device of the host: what its description will have."""

    def __init__(self, name, uniquetype, description):
        self.name, self.uniquetype, self.description = name, uniquetype, description
        self.where = name
        self.settings, self.values, self.children, self.status = {}, {}, [], "Available"

    def text(self, depth=1):
        words = ['type = %s; where = %s;' % (quoted(self.uniquetype), quoted(self.where))]
        words += ["%s = %s;" % setting for setting in sorted(self.settings.items())]
        if self.values:
            words.append("values = { %s };" % " ".join("%s = %s;" % (n, quoted(v)) for n, v in self.values.items()))
        if self.children:
            words.append("devices = (\n%s );" % ",\n".join(child.text(depth + 1) for child in self.children))
        return "%s{ %s }" % ("  " * depth, " ".join(words))


class Host:
    def __init__(self):
        self.lsdev, self.lscfg, self.lsattr = recorded("lsdev"), recorded("lscfg"), recorded("lsattr")
        self.devices, self.types, self.commands = {}, {}, []
        for what, lines in self.lsdev.items():
            for line in filter(None, lines):
                self.add(what, line.split(":"))
        self.add_type("planar/sys/sysplanar_rspc", "System Planar")
        self.devices["sysplanar0"] = Device("sysplanar0", "planar/sys/sysplanar_rspc", "System Planar")

    def add_type(self, uniquetype, description):
        """One type a description; ours, if it is there as the host has it."""
        self.types[uniquetype] = description

    def add(self, what, cells):
        cls, subclass = (what.split("-") + ["sys"])[:2]
        name, kind = cells[0], re.sub(r"\d+$", "", cells[0])
        description = cells[-1] if cls == "adapter" else cells[1] if len(cells) > 1 else ""
        if cls == "memory":
            uniquetype = "memory/sys/totmem"
        elif cls == "processor":
            uniquetype = "processor/sys/proc_rspc"
        else:
            typ = cells[1] if cls == "adapter" else re.sub(r"[^A-Za-z0-9]", "", description)[:15].lower()
            uniquetype = "%s/%s/%s" % (cls, subclass, typ)
            self.add_type(uniquetype, (kind, description))
        self.devices[name] = Device(name, uniquetype, description)
        if cells[-1] in ("Available", "Defined"):
            self.devices[name].status = cells[-1]


def type_text(uniquetype, prefix, description):
    cls, subclass, typ = uniquetype.split("/")
    text = '# %s\nclass = "%s"; subclass = "%s"; type = "%s"; prefix = "%s";\n' % (host, cls, subclass, typ, prefix)
    text += 'description = %s; detectable = 1; chgstatus = 1; has_vpd = 1;\n' % quoted(description)
    text += METHODS % ("cfgsim" if cls == "driver" else "cfgleaf")
    if cls == "disk":
        text += ('attributes = ( { name = "size_in_mb"; default = "0"; rep = "n"; generic = "D"; '
                 'description = "Size in Megabytes"; } );\n')
    if prefix == "ent":
        text += 'connections = ( { child = "EN"; where = "0"; } );\n'
    if cls == "driver":
        text += 'connections = ( { child = "%s"; where = ""; } );\n' % typ
    return text


def read_head(line):
    """Name and location of a device's first line, and what is left."""
    words = line.split(None, 2)
    if len(words) > 1 and not re.match(r"U\w{4}\.|\d\d-\d\d", words[1]):
        return words[0], "", line.split(None, 1)[1]
    return words[0], words[1], words[2] if len(words) > 2 else ""


def read_record(line):
    return line[8:36].rstrip("."), line[36:]


def read_product(host_data, lines):
    """Physical location, heading and product data of the devices in a listing of lscfg -v."""
    device = None
    for line in lines:
        if re.match(r" {2,3}\w+\d+ ", line):
            name, location, _ = read_head(line)
            device = host_data.devices[name]
            device.vpd = []
            if location:
                device.settings["physloc" if location.startswith("U") else "location"] = quoted(location)
        elif re.match(r" {6}\S.*:$", line) and device:
            device.settings["heading"] = quoted(line[6:-1])
        elif re.match(r" {8}\S", line) and device and "." in line:
            label, value = read_record(line)
            match = re.match(r"(?:Device|Product) Specific\.\((\w\w)\)$", label)
            keyword = match.group(1) if match else KEYWORDS.get(label)
            if keyword:
                device.vpd.append("%s = %s;" % (keyword, quoted(value)))
        elif "PLATFORM" in line:
            break
    for device in host_data.devices.values():
        if getattr(device, "vpd", None):
            device.settings["vpd"] = "{ %s }" % " ".join(device.vpd)
            device.vpd = []


def read_platform(device, lines):
    """What lscfg -p has behind PLATFORM SPECIFIC."""
    if "  PLATFORM SPECIFIC" not in lines:
        return
    keys = {"Name": "name", "Model": "model", "Node": "node", "Device Type": "device_type"}
    words, parts = [], []
    for line in lines[lines.index("  PLATFORM SPECIFIC"):]:
        match = re.match(r" {2,4}(Name|Model|Node|Device Type):  (.*)", line)
        if match:
            words.append("%s = %s;" % (keys[match.group(1)], quoted(match.group(2))))
        elif line.startswith("      Physical Location: "):
            parts[-1][2] = line[len("      Physical Location: "):]
        elif re.match(r" {6}\S.*:$", line):
            parts.append([line[6:-1], [], ""])
        elif re.match(r" {36}\S", line):
            parts[-1][1][-1][1] += line[36:]
        elif re.match(r" {8}\S", line):
            parts[-1][1].append(list(read_record(line)))
    # What every disk has need not be said.
    if words == ['name = "disk";', 'node = "disk";', 'device_type = "block";']:
        return
    texts = ["{ heading = %s; physloc = %s; lines = ( %s ); }" % (
        quoted(heading), quoted(place), ", ".join("(%s, %s)" % (quoted(l), quoted(v)) for l, v in records))
        for heading, records, place in parts]
    device.settings["platform"] = "{ %s parts = (\n%s ); }" % (" ".join(words), ",\n".join(texts))


def put_below(host_data, disk):
    """A disk's place is its parent's with its connection behind: that is taken apart, for us to put together."""
    place = disk.settings.pop("physloc", quoted("U0.0.0-P0")).strip('"')
    match = re.match(r"(.*?)((?:-[WL][0-9A-F]+)+)$", place)
    parent_place, connection = match.groups() if match else (place, "-L" + disk.name)
    subclass = disk.uniquetype.split("/")[1]
    name = "proto%d" % sum(d.uniquetype.startswith("driver/") for d in host_data.devices.values())
    for other in host_data.devices.values():
        if other.settings.get("physloc") == quoted(parent_place) and other.uniquetype == "driver/sys/" + subclass:
            name = other.name
    if name not in host_data.devices:
        parent = host_data.devices[name] = Device(name, "driver/sys/" + subclass, "")
        parent.settings["physloc"] = quoted(parent_place)
        host_data.add_type(parent.uniquetype, ("proto", "Protocol of disks"))
    disk.where = ",".join(part[1:] for part in connection.strip("-").split("-")) if match else disk.name
    host_data.devices[name].children.append(disk)


def read_all(host_data):
    for what, lines in host_data.lscfg.items():
        if what != "sysplanar0":
            read_product(host_data, lines)
        else:
            head = next(line for line in lines if "sysplanar0" in line)
            location = read_head(head)[1]
            if location:
                host_data.devices["sysplanar0"].settings["location"] = quoted(location)
        if what in host_data.devices:
            read_platform(host_data.devices[what], lines)
    for what, lines in host_data.lsattr.items():
        device = host_data.devices.get(what)
        if device and lines[0].startswith("#"):
            device.values = {n: v for n, v in zip(lines[0][1:].split(":"), lines[1].split(":")) if v}
    for device in list(host_data.devices.values()):
        if device.uniquetype.startswith("disk/"):
            put_below(host_data, device)


def make(host_data):
    """Types, devices with the host's names, the description, and the values of interfaces."""
    types = os.path.join(folder, "types")
    os.makedirs(types)
    for number, (uniquetype, (prefix, description)) in enumerate(
            (u, d) for u, d in host_data.types.items() if not isinstance(d, str)):
        with open("%s/%d.cfg" % (types, number), "w", encoding="ascii") as file:
            file.write(type_text(uniquetype, prefix, description))
    run("odmcfg", "schema", "load", *sorted(glob.glob(types + "/*.cfg")))
    run("cfgmgr")
    below = {child.name: parent.name for parent in host_data.devices.values() for child in parent.children}
    ordered = sorted(host_data.devices.values(), key=lambda device: device.name in below)
    for device in ordered:
        cls, subclass, typ = device.uniquetype.split("/")
        run("mkdev", "-d", "-l", device.name, "-c", cls, "-s", subclass, "-t", typ, "-p",
            below.get(device.name, "sys0"), "-w", device.where)
    with open(os.path.join(os.environ["ODMCFG_ROOT"], "etc/machine.cfg"), "w", encoding="ascii") as file:
        top = [d.text() for d in host_data.devices.values() if d.name not in below and d.status == "Available"]
        file.write("devices = (\n%s\n);\n" % ",\n".join(top))
    run("cfgmgr")
    for what, lines in host_data.lsattr.items():
        if not re.match(r"(en|lo?)\d+$", what):
            continue
        rows = [line for line in lines if line]
        width = 1 + max(len(line.split()[0]) for line in rows)
        for line in rows:
            value = re.match(r"[0-9a-z.:,]+(?= )", line[width:])
            name = "lo0" if what == "l0" else what
            have = run("lsattr", "-E", "-l", name, "-a", line.split()[0], "-F", "value").strip()
            if value and value.group(0) != have:
                run("chdev", "-l", name, "-a", "%s=%s" % (line.split()[0], value.group(0)))


def command_of(kind, what, lines):
    """The command that the recording is of."""
    if kind == "lsdev":
        cls, subclass = (what.split("-") + [""])[:2]
        columns = {"adapter": "name:type:description", "memory": "name", "processor": "name"}.get(cls)
        if columns is None:
            columns = "name:description" + (":status" if lines[0].count(":") == 2 else "")
        return ["lsdev", "-Cc", cls] + (["-s", subclass] if subclass else []) + ["-F", columns]
    if kind == "lsattr":
        name = "lo0" if what == "l0" else what
        return ["lsattr", "-E", "-l", name] + (["-O", "-a", lines[0][1:]] if lines[0].startswith("#") else [])
    return ["lscfg", "-vl", "ent*"] if what == "en" else ["lscfg", "-vpl", what]


def blocks(lines):
    """The devices of a listing of lscfg, by name: ours come in that order. Blanks at line ends are no matter."""
    text = re.sub(r"[ \t]+$", "", "\n".join(lines), flags=re.M).strip("\n")
    parts = re.split(r"\n(?= {2,3}ent\d)", text)
    return sorted(part.strip("\n") for part in parts)


def sed(script, lines):
    return subprocess.run(["sed", "-E", script], input="\n".join(lines), capture_output=True, text=True,
                          check=True).stdout.split("\n")


def read_commands(path):
    """The commands of a sed script, and what is compared otherwise."""
    commands, otherwise = [], []
    with open(path, encoding="ascii") as file:
        for line in file.read().split("\n"):
            if line.startswith("@"):
                more = read_commands(os.path.join(os.path.dirname(path), line[1:]))
                commands, otherwise = commands + more[0], otherwise + more[1]
            elif line.startswith("="):
                otherwise.append(line[1:].split(" ", 1))
            elif line and not line.startswith("#"):
                commands.append(line)
    return commands, otherwise


def rows_of(lines):
    """Attribute, value and whether the user may set it: rows of lsattr."""
    rows = [line for line in lines if line]
    width = 1 + max(len(line.split()[0]) for line in rows)
    rows = [(line[:width].strip(), re.match(r"[0-9a-z.:,]*(?= |$)", line[width:]).group(0), line.split()[-1])
            for line in rows]
    return sorted("%s=%s %s" % row for row in rows)


def compared(how, lines, ours, wanted):
    """What is compared of a listing: the recorded lines and ours."""
    if how == "order":
        return sorted(wanted), sorted(ours)
    if how == "values":
        names = {line.split()[0] for line in lines if line}
        return rows_of(wanted), [row for row in rows_of(ours) if row.split("=")[0] in names]
    return blocks(wanted), blocks(ours)


def compare(host_data):
    commands, otherwise = read_commands(differences)
    needed, wrong = set(), 0
    for kind, files in (("lsdev", host_data.lsdev), ("lscfg", host_data.lscfg), ("lsattr", host_data.lsattr)):
        for what, lines in files.items():
            ours = run(*command_of(kind, what, lines)).split("\n")
            wanted = sed("\n".join(commands), lines)
            for number, command in enumerate(commands):
                if sed(command, lines) != lines or sed("\n".join(commands[:number] + commands[number + 1:]), lines) != wanted:
                    needed.add(command)
            how = [mode for mode, listings in otherwise if re.fullmatch(listings, kind + "/" + what)]
            one, other = compared(how[0] if how else "", lines, ours, wanted)
            if one != other:
                wrong += 1
                show(kind + "/" + host + "-" + what, one, other)
    for command in commands:
        if command not in needed:
            wrong += 1
            print("%s: %s makes no difference" % (differences, command), file=sys.stderr)
    if wrong:
        fail("%d listings differ" % wrong)


def show(name, wanted, ours):
    import difflib
    sys.stderr.writelines(line + "\n" for line in difflib.unified_diff(
        "\n".join(wanted).split("\n"), "\n".join(ours).split("\n"), name, "ours", lineterm="", n=0))


if __name__ == "__main__":
    this = Host()
    if not this.lsdev or not this.lscfg or not this.lsattr:
        fail("there are no recordings of it")
    read_all(this)
    make(this)
    compare(this)
