"""The peer's side of a benchmark: one JSON request a line on stdin, one answer a line on stdout."""

import gc
import itertools
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
# Timed steps of a form's trial.
TRIALS = 5
FLOATS = ("weights", "candidateLogCounts", "labelLogCounts")


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


def read_batches(tensors):
    """The batch of each step, from tensors called `step/name`."""
    steps = {}
    for name, values in tensors.items():
        step, key = name.split("/")
        steps.setdefault(int(step), {})[key] = values if key in FLOATS else values.long()
    return [batch for _, batch in sorted(steps.items())]


def built(request, layout, compiled):
    """The case on fresh weights."""
    case = request["case"]
    weights = arranged(fresh_weights(request["shapes"]), layout)
    return CASES[case["kind"]](case, weights, layout, RATE, compiled)


def trial(form, request):
    """The least milliseconds of a batch, which other programs move little; infinite for a form that cannot run here."""
    try:
        peer = built(request, *form)
        batch = read_batches(read_safetensors(request["file"]))[0]
        timed(lambda: peer.step(batch), WARM_UP)
        return min(timed(lambda: peer.step(batch), 1) for _ in range(TRIALS))
    except Exception as error:  # torch.compile without a C++ compiler, or on sparse gradients
        print(f"{form}: {error}", file=sys.stderr)
        return float("inf")
    finally:
        peer = None
        gc.collect()  # what refers to itself would count as memory of the form that is timed


def trial_apart(form, request):
    """The trial in a process of its own, which code of torch.compile may crash."""
    with ProcessPoolExecutor(1, get_context("spawn"), torch.set_num_threads, (torch.get_num_threads(),)) as apart:
        try:
            return apart.submit(trial, form, request).result()
        except BrokenProcessPool as error:
            print(f"{form}: {error}", file=sys.stderr)
            return float("inf")


def quickest(request):
    """The quickest form of a case: either layout eagerly, the better one also by torch.compile."""
    times = {(layout, False): trial((layout, False), request) for layout in LAYOUTS}
    layout, _ = min(times, key=times.get)
    times[layout, True] = trial_apart((layout, True), request)
    return min(times, key=times.get)


def check(case, file, steps):
    """The losses of a few steps on weights and a batch from a file."""
    tensors = read_safetensors(file)
    inside = lambda folder: {name[len(folder) :]: t for name, t in tensors.items() if name.startswith(folder)}
    layout = LAYOUTS[0]
    peer = CASES[case["kind"]](case, arranged(inside("weights/"), layout), layout, RATE, False)
    [batch] = read_batches(inside("batches/"))
    return [peer.step(batch) for _ in range(steps)]


def main():
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "check":
            answer = {"losses": check(request["case"], request["file"], request["steps"])}
        elif request["do"] == "open":
            torch.set_num_threads(request["threads"])
            layout, compiled = quickest(request)
            peer = built(request, layout, compiled)
            steps = itertools.cycle(read_batches(read_safetensors(request["file"])))
            isa = torch.backends.cpu.get_cpu_capability().lower()
            version, form = torch.__version__.split("+")[0], "compiled" if compiled else "eager"
            name = f"PyTorch {version} {form}, {layout}, {peer.name(request['case'])}"
            answer = {"name": name, "threads": torch.get_num_threads(), "isa": isa}
        else:
            ms = timed(lambda: peer.step(next(steps)), request["steps"])
            answer = {"ms": ms, "mb": peak_memory()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
