"""Becomes a worker: reads a frame from standard input, prepares the process, execs the command.

Run as `python3 -I -S -c <this>`. Values come in the frame, so they are never in an argument, in the runner's
environment or on a disk. What is left on standard input afterwards belongs to the command. The frame: b"NSF1", the
length of the rest (8 bytes), then entries of kind (1 byte), name and value, each with its length (4 bytes) before it;
big endian. Kinds: A argument, E variable, F file (0400), M sealed memory file as descriptor <name>, C working directory,
U umask (octal), O whose end is this process's end (process id of its parent), 0 padding.

Or replaces files of a worker that runs, as the worker's user, and ends: D their folder, from <name> on by the steps <value>,
none of them a link that the worker put there; R file. Where D has a process of <name>'s, P says whose child it must be.
"""
import ctypes
import fcntl
import os
import resource
import signal
import struct
import sys

SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


def fail(code, text):
    os.write(2, ("nightsafe: " + text + "\n").encode("utf-8", "replace"))
    os._exit(code)


def take(count):
    data = bytearray(count)
    view = memoryview(data)
    done = 0
    while done < count:
        got = os.readv(0, [view[done:]])
        if got == 0:
            os._exit(125)
        done += got
    return data


def read_frame():
    head = take(12)
    if head[:4] != b"NSF1":
        fail(125, "the launcher was given no frame")
    data = take(struct.unpack(">Q", head[4:])[0])
    at = 0
    while at < len(data):
        kind = chr(data[at])
        (size,) = struct.unpack_from(">I", data, at + 1)
        name = bytes(data[at + 5 : at + 5 + size])
        at += 5 + size
        (size,) = struct.unpack_from(">I", data, at)
        yield kind, name, bytes(data[at + 4 : at + 4 + size])
        at += 4 + size


def die_with(parent):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(1, int(signal.SIGKILL), 0, 0, 0) != 0:
        fail(125, "can't tie this worker to its runner")
    if os.getppid() != parent:
        os._exit(125)


def write_file(path, value, folder=None):
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    descriptor = os.open(path, flags, 0o400, dir_fd=folder)
    view = memoryview(value)
    while view:
        view = view[os.write(descriptor, view) :]
    os.close(descriptor)


def memory_file(number, value):
    descriptor = os.memfd_create("nightsafe", os.MFD_ALLOW_SEALING)
    view = memoryview(value)
    while view:
        view = view[os.write(descriptor, view) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, SEALS)
    if descriptor != number:
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.set_inheritable(number, True)


def open_folder(start, steps, child, parent):
    flags = os.O_RDONLY | os.O_DIRECTORY
    folder = os.open(start, flags)
    if child is not None:  # its number may be another's by now, whose place this then isn't
        with open(b"/proc/%s/stat" % child, "rb") as stat:
            if stat.read().rpartition(b")")[2].split()[1] != parent:
                fail(125, "the worker has ended")
    for step in steps:
        folder = os.open(step, flags | os.O_NOFOLLOW, dir_fd=folder)
    return folder


def replace_files(folder, files):
    for name, value in files:
        try:
            os.unlink(b"." + name, dir_fd=folder)
        except FileNotFoundError:
            pass
        write_file(b"." + name, value, folder)
    for name, _ in files:
        os.rename(b"." + name, name, src_dir_fd=folder, dst_dir_fd=folder)


def close_others(keep):
    for entry in os.listdir("/proc/self/fd"):
        if int(entry) > 2 and int(entry) not in keep:
            try:
                os.close(int(entry))
            except OSError:
                pass


def limits():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard != -1 and hard < 1024 else 1024, hard))


def default_signals():
    for number in signal.valid_signals():
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            try:
                signal.signal(number, signal.SIG_DFL)
            except (OSError, ValueError):
                pass
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def main():
    arguments, environment, memory, folder, mask = [], {}, set(), None, 0o077
    place, owner, replaced = None, (None, None), []
    os.umask(0o077)
    try:
        os.setsid()
    except OSError:
        pass  # already the first of its session
    close_others(memory)
    for kind, name, value in read_frame():
        if kind == "O":
            die_with(int(value))
        elif kind == "A":
            arguments.append(value)
        elif kind == "E":
            environment[name] = value
        elif kind == "F":
            try:
                write_file(name, value)
            except OSError as e:
                fail(125, "can't write the file of a secret: " + os.strerror(e.errno))
        elif kind == "M":
            memory.add(int(name))
            memory_file(int(name), value)
        elif kind == "C":
            folder = value
        elif kind == "U":
            mask = int(value, 8)
        elif kind == "P":
            owner = (name, value)
        elif kind == "D":
            place = (name, [step for step in value.split(b"/") if step])
        elif kind == "R":
            replaced.append((name, value))
    if place is not None:
        try:
            replace_files(open_folder(*place, *owner), replaced)
        except OSError as e:
            fail(125, "can't replace the file of a secret: " + os.strerror(e.errno))
        os._exit(0)
    limits()
    default_signals()
    os.umask(mask)
    try:
        if folder is not None:
            os.chdir(folder)
        os.execvpe(arguments[0], arguments, environment)
    except OSError as e:
        command = os.fsdecode(arguments[0])
        fail(127 if e.errno == 2 else 126, "can't start '%s': %s" % (command, os.strerror(e.errno)))


main()
