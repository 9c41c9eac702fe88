"""What a power cut leaves of a directory: what record.cpp wrote down is taken back.

Bytes that were not on stable storage when the process died are there, or not, or some sectors of
them; names come and go in their order, and the last of them may not have. With `chance` None all of
it is gone, which is the worst for whoever answered too early.
"""
import collections
import os
import pathlib
import shutil
import stat
import struct

HEAD = struct.Struct("<cQQQI")
SECTOR = 512


class NotModelled(AssertionError):
    """The program changes its files by a call that record.cpp does not understand."""


def records(log):
    data, at = log.read_bytes() if log.exists() else b"", 0
    while at + HEAD.size <= len(data):
        kind, inode, offset, size, length = HEAD.unpack_from(data, at)
        at += HEAD.size
        if at + length > len(data):
            return  # it died while it wrote this one down, so what this one tells of was not done
        yield kind, inode, offset, size, data[at:at + length]
        at += length


def undone(log):
    """What was not durable at the end: changes of bytes by inode, and of names in their order."""
    bytes_of, names = collections.defaultdict(list), []
    for kind, inode, offset, size, body in records(log):
        if kind in b"WT" and not body:
            bytes_of[inode].append((kind, offset, size, []))
        elif kind in b"WT":
            bytes_of[inode][-1][3].append((offset, body))
        elif kind == b"S":
            bytes_of.pop(inode, None)
        elif kind in b"CURMD":
            names.append((kind, [part.decode() for part in body.split(b"\0")]))
        elif kind == b"F":
            names = still_open(names, body.decode())
        else:
            raise NotModelled(body.decode())
    return bytes_of, names


def still_open(names, directory):
    """Those that do not become durable with this directory, nor went away in one that did."""
    durable = [os.path.dirname(words[0]) == directory for _, words in names]
    left = []
    for i, (kind, words) in enumerate(names):
        gone = any(durable[j] and names[j][0] == b"D" and words[0].startswith(names[j][1][0] + "/")
                   for j in range(i + 1, len(names)))
        if not durable[i] and not gone:
            left.append((kind, words))
    return left


def take_back_name(kind, words):
    path, there = pathlib.Path(words[0]), os.path.lexists(words[0])
    if kind == b"C" and there:
        path.unlink()
    elif kind == b"M" and there:
        shutil.rmtree(path)
    elif kind == b"D" and not there:
        path.mkdir(parents=True)
    elif kind == b"U" and words[1] and not there:
        os.link(words[1], path, follow_symlinks=False)
    elif kind == b"R" and os.path.lexists(words[1]):
        if not there:
            os.rename(words[1], path)
        if words[2]:
            pathlib.Path(words[1]).unlink(missing_ok=True)
            os.link(words[2], words[1], follow_symlinks=False)


def take_back_bytes(path, changes, chance):
    """Newest first, so that the oldest bytes win. What was written stays or goes by sectors, a cut
    as a whole; where it stays nothing after it was ever there."""
    def stays():
        return chance is not None and chance.random() < 0.5

    durable_size, end = changes[0][2], None
    with open(path, "r+b", buffering=0) as file:
        for kind, offset, _, pieces in reversed(changes):
            if kind == b"T" and stays():
                end = offset if end is None else min(end, offset)
                continue
            for start, body in pieces:
                for begin in range(0, len(body), SECTOR):
                    if (end is None or start + begin < end) and (kind == b"T" or not stays()):
                        os.pwrite(file.fileno(), body[begin:begin + SECTOR], start + begin)
        size = os.fstat(file.fileno()).st_size
        if size <= durable_size:
            return
        if not stays():
            file.truncate(durable_size)
            return
        for begin in range(durable_size, size, SECTOR):  # longer, and not all of it written
            if not stays():
                os.pwrite(file.fileno(), bytes(min(SECTOR, size - begin)), begin)


def power_cut(directory, log, kept, chance=None):
    """The process is dead. Returns how many changes were not durable."""
    bytes_of, names = undone(log)
    stay = 0 if chance is None else chance.randint(0, len(names))
    for kind, words in reversed(names[stay:]):
        take_back_name(kind, words)
    paths = {p.lstat().st_ino: p for root in (kept, directory)
             for p in root.rglob("*") if stat.S_ISREG(p.lstat().st_mode)}
    for inode, changes in bytes_of.items():
        if inode in paths and not paths[inode].name.endswith("-shm"):
            take_back_bytes(paths[inode], changes, chance)
    for index in directory.rglob("*-shm"):
        index.unlink()  # SQLite's shared memory, which it makes anew after every start
    log.unlink(missing_ok=True)
    return sum(map(len, bytes_of.values())) + len(names)
