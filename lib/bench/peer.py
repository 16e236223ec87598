"""The peer's side of a benchmark: one JSON request a line on stdin, one answer a line on stdout."""

import json
import sys
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

warnings.filterwarnings("ignore")

import torch

from peerCases import CASES
from peerModel import LAYOUTS, arranged, fresh_weights, read_safetensors

RATE = 1e-3
WARM_UP = 2
# A form is timed at least and at most so often, until its least time stands, but no more once it took so many seconds.
FEWEST, MOST, SECONDS = 3, 20, 8
STANDS = 3


def peak_memory():
    """Peak resident memory of this process in MB."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def timed(step, steps):
    """Milliseconds a step."""
    start = time.perf_counter()
    for _ in range(steps):
        step()
    return (time.perf_counter() - start) * 1000 / steps


def built(case, layout, compiled):
    """The case on fresh weights."""
    return CASES[case["kind"]](case, arranged(fresh_weights(case), layout), layout, RATE, compiled)


def least(step):
    """The least milliseconds of a step, which what runs beside it moves little: of many where the least still falls."""
    start, found, since = time.perf_counter(), float("inf"), 0
    for turn in range(MOST):
        if (turn and time.perf_counter() - start > SECONDS) or (turn >= FEWEST and since >= STANDS):
            break
        ms = timed(step, 1)
        found, since = (ms, 0) if ms < 0.98 * found else (min(ms, found), since + 1)
    return found


def trial(form, case):
    """The least milliseconds of a batch after warm-up; infinite for a form that cannot run here."""
    try:
        peer = built(case, *form)
        batch = next(peer.steps())[0]
        timed(lambda: peer.step(batch), WARM_UP)
        return least(lambda: peer.step(batch))
    except Exception as error:  # torch.compile without a C++ compiler, or on sparse gradients
        print(f"{form}: {error}", file=sys.stderr)
        return float("inf")


def trial_with(threads, form, case):
    """The same in a process that has just begun."""
    torch.set_num_threads(threads)
    return trial(form, case)


def trial_apart(form, case):
    """The same in a process of its own: code that torch.compile makes can end it, and then cannot run here either."""
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        try:
            return apart.submit(trial_with, torch.get_num_threads(), form, case).result()
        except BrokenProcessPool as error:
            print(f"{form}: {error}", file=sys.stderr)
            return float("inf")


def quickest(case):
    """The quickest form of a case: either layout eagerly, the better one also by torch.compile."""
    times = {(layout, False): trial((layout, False), case) for layout in LAYOUTS}
    layout, _ = min(times, key=times.get)
    times[layout, True] = trial_apart((layout, True), case)
    return min(times, key=times.get)


def check(case, file, steps):
    """The losses of a few steps on weights and a batch from a file."""
    tensors = read_safetensors(file)
    inside = lambda folder: {name[len(folder) :]: t for name, t in tensors.items() if name.startswith(folder)}
    layout = LAYOUTS[0]
    peer = CASES[case["kind"]](case, arranged(inside("weights/"), layout), layout, RATE, False)
    batch = peer.shaped(inside("batch/"))
    return [peer.step(batch) for _ in range(steps)]


def name_of(case, layout, compiled):
    version = torch.__version__.split("+")[0]
    form = "compiled" if compiled else "eager"
    return f"PyTorch {version} {form}, {layout}, {CASES[case['kind']].name(case)}"


def main():
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "check":
            answer = {"losses": check(request["case"], request["file"], request["steps"])}
        elif request["do"] == "open":
            torch.set_num_threads(request["threads"])
            case = request["case"]
            form = quickest(case)
            peer = built(case, *form)
            steps = peer.steps()
            isa = torch.backends.cpu.get_cpu_capability().lower()
            answer = {"name": name_of(case, *form), "threads": torch.get_num_threads(), "isa": isa}
        else:
            ms = timed(lambda: [peer.step(batch) for batch in next(steps)], request["steps"])
            answer = {"ms": ms, "mb": peak_memory()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
