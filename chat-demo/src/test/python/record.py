"""Records a conversation with the seed's chat server, as it is under CPython 3.11, in the form of a .talk file.

usage: python3.11 record.py SEED > seed.talk

SEED is the tutorial's text; its chat server is cut out and run unchanged, at its own port 5005.
"""
import re
import select
import socket
import subprocess
import sys
import tempfile
import time

QUIET = 0.15  # seconds without a byte: the server has said all

# What is sent, by whom. None connects (as anything does that is not connected yet), False ends the input, True resets.
SCRIPT = [
    ("anna", b"hello\n"), ("anna", b"say hi\nlook\nwho\n__class__\ndo_say x\n"),
    ("anna", b"\n   \n\t\n"), ("anna", b"login\nlogin \nlogin    \n"), ("anna", b"login anna\n"), ("anna", b"look\n"),
    ("bob", None), ("bob", b"login anna\n"), ("bob", b"login    bob   \nsay hi\n"),
    ("anna", b"say a : b\nsay %s %d {0} {name}\nsay \"q\" 'q' \\ \\n\nsay <b>x</b>\nsay login x\n"),
    ("anna", b"say    two  words   \nsay\nsay \n"), ("anna", b"say tab\there\n"),
    ("anna", b"look\nwho\n"), ("bob", b"look here\nwho am i\n"),
    ("bob", b"nosuch\nSAY x\nLook\ndo_say x\n__init__\nadd\nremove\nbroadcast\nhandle\nunknown x y\n"),
    ("bob", b" say x\n"), ("bob", b"login other\n"), ("bob", b"\n   \n"),
    ("ming", None), ("ming", "login \u5c0f\u660e\n".encode("utf-8")), ("ming", "say \u4f60\u597d\uff0c\u4e16\u754c\n".encode("utf-8")),
    ("wang", None), ("wang", "login \u738b\u4e94\n".encode("gbk")), ("wang", "say \u8aa0\u4fe1 \u9580\n".encode("gbk")),
    ("dup", None), ("dup", "login \u738b\u4e94\n".encode("utf-8")), ("dup", b"logout\n"),
    ("wang", "say \u4e2d\u6587\n".encode("utf-8") + "say \u4e2d\u6587\n".encode("gbk")), ("anna", b"say n"), ("anna", b"a\xc3"),
    ("anna", b"\xafve \xe2\x82\xac \xf0\x9f\x98\x80\n"), ("anna", b"say one\nsay two\nlook\nnope\nsay three\n"),
    ("anna", b"say no\xc2\xa0break\xc2\xa0\nsay \xe3\x80\x80wide\xe3\x80\x80\n"),
    ("wang", b"logout\n"), ("tom", None), ("tom", "login \u738b\u4e94\nwho\n".encode("utf-8")), ("tom", False),
    ("ming", True), ("anna", b"who\n"), ("bob", b"say bye\nlogout\n"), ("anna", b"say alone\n"), ("anna", b"logout\n"),
]


def cut(seed):
    blocks = re.findall(r"```\n(.*?)```", open(seed, encoding="utf-8").read(), re.S)
    return next(block for block in blocks if "class ChatServer" in block)


def visible(data):
    names = {0x0a: "\\n", 0x0d: "\\r", 0x5c: "\\\\"}
    try:
        return "".join(c if c >= " " and c not in "\\\x7f\xa0\u3000" else
                       names.get(ord(c), "".join("\\x%02x" % b for b in c.encode())) for c in data.decode("utf-8"))
    except UnicodeDecodeError:
        return "".join(chr(b) if 32 <= b < 127 and b != 0x5c else names.get(b, "\\x%02x" % b) for b in data)


def listen(peers):
    heard = {}
    while True:
        ready = select.select([s for s in peers.values() if s], [], [], QUIET)[0]
        if not ready:
            break
        for name, s in list(peers.items()):
            if s in ready:
                data = s.recv(65536)
                heard[name] = heard.get(name, b"") + data
                if not data:
                    s.close()
                    peers[name] = None
    for name, data in heard.items():
        if data:
            print("%s < %s" % (name, visible(data)))
        if peers[name] is None:
            print("# %s is closed" % name)
            del peers[name]


def main():
    peers = {}
    for name, act in SCRIPT:
        if name not in peers:
            peers[name] = socket.create_connection(("127.0.0.1", 5005))
            listen(peers)
        if act is False:
            print("# %s ends input" % name)
            peers[name].shutdown(socket.SHUT_WR)
        elif act is True:
            print("# %s disconnects" % name)
            peers.pop(name).close()
        elif act is not None:
            print("%s > %s" % (name, visible(act)))
            peers[name].sendall(act)
        listen(peers)


if __name__ == "__main__":
    with tempfile.NamedTemporaryFile("w", suffix=".py", encoding="utf-8") as server:
        server.write(cut(sys.argv[1]))
        server.flush()
        running = subprocess.Popen([sys.executable, "-W", "ignore", server.name], stdout=subprocess.DEVNULL)
        try:
            time.sleep(1)
            print("## recorded from the seed's chat server under CPython 3.11 by record.py")
            main()
        finally:
            running.terminate()
