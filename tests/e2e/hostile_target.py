"""A target that answers logins well and all else as badly as it can: hostile_target.py PORT MANNER.

MANNER: garbage, closes, sense (none, short, of no format), lengths (of pages and lists that are not
what is there), tags (of commands that nobody sent), luns (more than there can be), flood (more data
than was asked for).
"""
import random
import socket
import struct
import sys
import threading

PORT, MANNER = int(sys.argv[1]), sys.argv[2]
NAME = b"iqn.2026-11.test:hostile"


def receive(connection, length):
    data = b""
    while len(data) < length:
        more = connection.recv(length - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def receive_pdu(connection):
    head = receive(connection, 48)
    length = head[5] << 16 | head[6] << 8 | head[7]
    data = receive(connection, head[4] * 4 + (length + 3) // 4 * 4)
    return head, data[head[4] * 4:head[4] * 4 + length]


class Session:
    def __init__(self, connection):
        self.connection = connection
        self.number = 1

    def send(self, opcode, flags, tag, data=b"", rest=b"", lun=bytes(8), said=None):
        length = len(data) if said is None else said
        head = bytes([opcode, flags]) + rest[:2].ljust(2, b"\0") + bytes([0]) + \
            length.to_bytes(3, "big") + lun + tag
        self.connection.sendall((head + rest[2:]).ljust(48, b"\0") + data + bytes(-len(data) % 4))

    def numbers(self, command):
        self.number += 1
        return struct.pack(">III", self.number, (command + 1) & 0xffffffff, (command + 100) & 0xffffffff)

    def login(self, head, data):
        command = struct.unpack(">I", head[24:28])[0]
        stage, following = head[1] >> 2 & 3, head[1] & 3
        transit = head[1] & 0x80
        answer = b""
        if b"AuthMethod=" in data:
            answer += b"AuthMethod=None\0"
        if stage == 1:
            answer += b"HeaderDigest=None\0DataDigest=None\0MaxRecvDataSegmentLength=262144\0"
        # ISID and TSIH are where the LUN of others is.
        isid = head[8:14] + b"\0\1"
        rest = b"\0\0" + bytes(4) + self.numbers(command - 1)
        self.send(0x23, transit | stage << 2 | following, head[16:20], answer, rest, isid)
        return bool(transit) and following == 3

    def response(self, head, status, data=b"", said=None):
        command = struct.unpack(">I", head[24:28])[0]
        rest = bytes([0, status]) + bytes(4) + self.numbers(command)
        self.send(0x21, 0x80, head[16:20], data, rest, said=said)

    def data_in(self, head, data):
        command = struct.unpack(">I", head[24:28])[0]
        rest = bytes([0, 0]) + b"\xff\xff\xff\xff" + self.numbers(command)
        self.send(0x25, 0x81, head[16:20], data, rest)

    def command(self, head):
        cdb, wanted = head[32:48], struct.unpack(">I", head[20:24])[0]
        if MANNER == "garbage":
            self.connection.sendall(random.randbytes(4096))
            raise EOFError
        if MANNER == "closes":
            raise EOFError
        if MANNER == "sense" and cdb[0] not in (0x12, 0xa0):
            sense = random.choice([b"", b"\0\0", b"\0\1p", b"\0\x12" + bytes(18), b"\xff\xff" + b"\x70",
                                   b"\0\x12" + random.randbytes(18)])
            return self.response(head, 2, sense)
        if MANNER == "tags":
            fake = head[:16] + random.randbytes(4) + head[20:]
            self.data_in(fake, bytes(min(wanted, 8192)))
            self.response(fake, 0)
        if MANNER == "flood":
            return self.data_in(head, b"\x7e" * (wanted + 65536))
        if cdb[0] == 0xa0:
            count = 20000 if MANNER == "luns" else 2
            body = b"".join(struct.pack(">H", n % 256) + bytes(6) for n in range(count))
            length = 0x7fffffff if MANNER in ("lengths", "luns") else len(body)
            return self.data_in(head, (struct.pack(">II", length, 0) + body)[:wanted])
        if cdb[0] == 0x12:
            body = random.randbytes(252) if MANNER == "lengths" else bytes([0, cdb[2], 0xff, 0xff]) + b"\xff" * 248
            if cdb[1] == 0 or MANNER == "sense":
                body = b"\0\0\5\2\xff\0\0\0" + b"EVIL\t\x1b  " + b"\xff" * 20
            return self.data_in(head, body[:wanted])
        if cdb[0] in (0x25, 0x9e):
            return self.data_in(head, (b"\xff" * 32)[:wanted])
        return self.response(head, 0)

    def text(self, head):
        command = struct.unpack(">I", head[24:28])[0]
        answer = b"TargetName=" + NAME + b"\0TargetAddress=127.0.0.1:%d,1\0" % PORT
        self.send(0x24, 0x80, head[16:20], answer, b"\0\0" + b"\xff\xff\xff\xff" + self.numbers(command))

    def run(self):
        full = False
        try:
            while True:
                head, data = receive_pdu(self.connection)
                opcode = head[0] & 0x3f
                if opcode == 0x03:
                    full = self.login(head, data)
                elif opcode == 0x04 and full:
                    self.text(head)
                elif opcode == 0x01 and full:
                    self.command(head)
                elif opcode == 0x06:
                    self.connection.close()
                    return
        except (EOFError, OSError):
            self.connection.close()


listener = socket.create_server(("127.0.0.1", PORT))
print("ready", flush=True)
while True:
    threading.Thread(target=Session(listener.accept()[0]).run, daemon=True).start()
