"""Fetches a file, goes on where it was cut off, and keeps it only with the hash that it must have.

download.py URL FILE ALGORITHM DIGEST SILENCE: by the proxies of the environment, with a line of progress on stdout. Fails with one line
on stderr. What was fetched of it stays in FILE.part; SILENCE: seconds without a byte after which a server counts as gone.
"""
import errno
import hashlib
import os
import sys
import time
import urllib.error
import urllib.request

TRIES = 4
CHUNK = 1 << 20


class Failed(Exception):
    pass


def show(done, total, end=""):
    share = done / total if total else 1
    line = f"{share:4.0%} of {total / 1e6:,.0f} MB"
    print(f"\r{line}{end}" if sys.stdout.isatty() else line, end="" if sys.stdout.isatty() else "\n", flush=True)


def fetch(url, part, silence):
    """Fetches what is missing of a file and returns whether it is whole."""
    have = os.path.getsize(part) if os.path.exists(part) else 0
    asked = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        answer = urllib.request.urlopen(asked, timeout=silence)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # there is nothing behind what is here
            return True
        raise
    with answer:
        if answer.status != 206:
            have = 0
        total = have + int(answer.headers.get("Content-Length") or 0)
        told = 0
        with open(part, "ab" if have else "wb") as file:
            while chunk := answer.read(CHUNK):
                file.write(chunk)
                have += len(chunk)
                if time.monotonic() - told > (0.2 if sys.stdout.isatty() else 30):
                    show(have, total)
                    told = time.monotonic()
        show(have, total, "\n")
        return have >= total


def main(url, file, algorithm, digest, silence):
    part = f"{file}.part"
    problem = None
    for attempt in range(TRIES):
        try:
            if fetch(url, part, float(silence)):
                problem = None
                break
            problem = "the connection was cut off"
        except OSError as error:  # among them those of urllib
            if error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
                raise Failed("the disk is full")
            problem = str(getattr(error, "reason", error)) or type(error).__name__
        if attempt < TRIES - 1:
            time.sleep(min(float(silence) / 10, 2**attempt))
    if problem:
        raise Failed(f"{url} could not be fetched ({problem})")
    with open(part, "rb") as whole:
        found = hashlib.file_digest(whole, algorithm).hexdigest() if hasattr(hashlib, "file_digest") else hashlib.new(algorithm, whole.read()).hexdigest()
    if found != digest:
        os.remove(part)
        raise Failed(f"{url} has {algorithm} {found}, expected {digest}; nothing of it is kept")
    os.replace(part, file)


try:
    main(*sys.argv[1:])
except Failed as failed:
    sys.exit(str(failed))
