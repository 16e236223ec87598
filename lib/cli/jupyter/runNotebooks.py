"""Runs notebooks one after the other, each in a kernel of its own, shows progress on the terminal and saves what was executed.

One argument: {"notebooks": [[file, where to save it], ...], "parameters": {...}, "beside": [file, ...]} as JSON; links to what
is saved beside the notebooks stay as they are.
Exit codes: 0, 1 when a cell failed or a kernel died, 130 when interrupted.
"""

import asyncio
import atexit
import json
import os
import re
import signal
import socket
import sys
import tempfile
import time

# Python's own answer to Ctrl-C is a stack trace; until the kernel starts there is nothing to clean up.
signal.signal(signal.SIGINT, lambda *_: os._exit(130))

# What checks addresses for jsonschema compiles a grammar for more than a second; no notebook needs it.
sys.modules["rfc3987_syntax"] = None

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

SECONDS_BETWEEN_UPDATES = 5
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def first_line(text):
    """The first line that is not blank."""
    return (text.strip().splitlines() or [""])[0].strip()


def headline(text):
    """The first line, cut to the width of a terminal line."""
    return first_line(text)[:100]


def inject(notebook, parameters):
    """Inserts a cell that overrides parameters after the code cell tagged `parameters`: names and JSON literals, so that nothing in it runs."""
    for name, value in parameters.items():
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", name):
            raise ValueError(f"parameter name {name!r}")
        if not (value is None or isinstance(value, (bool, int, float, str))):
            raise ValueError(f"parameter {name}: expected text, a number, true, false or null")
    source = f"void Object.assign(parameters, {json.dumps(parameters, allow_nan=False)});"
    metadata = {"tags": ["injected-parameters"]}
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and "parameters" in cell.metadata.get("tags", []):
            override = nbformat.v4.new_code_cell(source, metadata=metadata, id="injected-parameters")
            notebook.cells.insert(index + 1, override)
            return
    raise ValueError("no code cell is tagged 'parameters'")


class Progress:
    """Prints lines as they come; updates of a display rewrite one line, or come seldom where there is no terminal."""

    def __init__(self):
        self.last_update = 0.0
        self.updating = False

    def line(self, text):
        print("\n" * self.updating + text, flush=True)
        self.updating = False

    def update(self, text):
        text = headline(text)
        if sys.stdout.isatty():
            print(f"\r\033[K  {text}", end="", flush=True)
            self.updating = True
        elif time.monotonic() - self.last_update > SECONDS_BETWEEN_UPDATES:
            self.last_update = time.monotonic()
            self.line(f"  {text}")


class TerminalClient(NotebookClient):
    """A client of one notebook that shows cells, their standard output and their text displays while they arrive."""

    def __init__(self, notebook, progress, kernel_log):
        super().__init__(
            notebook,
            kernel_name="tslab",
            startup_timeout=600,  # the first one after an update compiles, on a machine that may be busy
            timeout=None,
            # Seconds to read a cell's output after its end; nbclient drops what takes more than 4.
            iopub_timeout=600,
            # An executed notebook keeps pictures: a page that drew widgets would fetch code from the web.
            store_widget_state=False,
        )
        self.progress = progress
        self.kernel_log = kernel_log
        self.code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        self.current = None
        self.stopped = False

    async def run(self):
        """Executes the notebook; `end` follows."""
        try:
            await self.async_execute(cleanup_kc=False)
        finally:
            if not self.stopped:  # nbclient has removed the handlers
                self.stop_on_signal()

    async def end(self):
        """Ends the kernel, if there is one."""
        atexit.unregister(self._cleanup_kernel)  # which nbclient leaves where a kernel did not start
        for _ in range(0 if self.km is None else 2):
            try:
                return await self._async_cleanup_kernel()
            except asyncio.CancelledError:  # a signal, after which it ends at once
                pass

    async def async_start_new_kernel(self, **options):
        self.stop_on_signal()  # in place of nbclient's own handlers
        await super().async_start_new_kernel(stdout=self.kernel_log, stderr=self.kernel_log, **options)

    def stop_on_signal(self):
        """Ends the run at the first signal; later ones (npm repeats them) must not disturb the kernel's shutdown."""
        loop, run = asyncio.get_running_loop(), asyncio.current_task()

        def stop():
            for name in SIGNALS:
                loop.remove_signal_handler(name)
                signal.signal(name, signal.SIG_IGN)
            self.stopped = True
            self.shutdown_kernel = "immediate"
            run.cancel()

        for name in SIGNALS:
            loop.add_signal_handler(name, stop)

    def position(self, cell):
        return f"cell {self.code_cells.index(cell) + 1}/{len(self.code_cells)}"

    async def async_execute_cell(self, cell, cell_index, **options):
        if cell.cell_type == "code" and cell.source.strip():
            self.current = cell
            self.progress.line(f"{self.position(cell)}  {headline(cell.source)}")
        return await super().async_execute_cell(cell, cell_index, **options)

    def process_message(self, msg, cell, cell_index):
        content = msg["content"]
        data = content.get("data", {})
        is_stdout = msg["msg_type"] == "stream" and content["name"] == "stdout"  # stderr is for the notebook
        if is_stdout or "text/markdown" in data:
            for line in (content["text"] if is_stdout else data["text/markdown"]).splitlines():
                self.progress.line(f"  {line}")
        elif msg["msg_type"] in ("display_data", "update_display_data"):
            self.progress.update(data.get("text/plain", ""))
        return super().process_message(msg, cell, cell_index)

    def failure(self, error):
        """Where and why a run ended, for a line."""
        self.kernel_log.seek(0)
        words = last_words(self.kernel_log.read().decode(errors="replace"))
        if self.current is None:
            return f"the kernel did not start, or has died. {words}"
        if not isinstance(error, CellExecutionError):
            reason = f"the kernel died; perhaps there was too little memory. {words}"
        else:
            told = [line for o in self.current.outputs if o.output_type == "error" for line in o.traceback]
            reason = first_line("\n".join(told)) or "the cell failed without a message"
        return f"{self.position(self.current)} ({headline(self.current.source)}): {reason}"


def last_words(log):
    """The last error in the log of a dead kernel, else its last line, in which TensorFlow says what it died of."""
    lines = log.strip().splitlines()
    errors = [line for line in lines if re.match(r"\w*Error: ", line)]
    return (errors or lines or [""])[-1][:200]


def save(notebook, path):
    """Writes the notebook whole or not at all; the next sweep removes partial files, named as in lib/base/whole.ts."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    partial = f"{path}.{socket.gethostname().replace('.', '-')}.{os.getpid()}.part"
    nbformat.write(notebook, partial)
    os.replace(partial, path)


LINK = re.compile(r"(?<=\]\()(?![a-z]+:|[#/])([^)#\s]+)")


def move_links(notebook, source, output, beside):
    """Adapts relative links to where the notebook is saved, but for those to notebooks that move with it."""
    here, there = (os.path.dirname(os.path.abspath(path)) for path in (source, output))

    def moved(match):
        target = os.path.join(here, match[1])
        stays = target in beside or not os.path.exists(target)
        return match[1] if stays else os.path.relpath(target, there)

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(moved, cell.source)


async def run(notebook, output, parameters, beside, progress):
    """Runs one notebook and saves it beside others. Returns its exit code."""
    name = os.path.basename(notebook)
    try:
        content = nbformat.read(notebook, as_version=4)
        inject(content, parameters)
        move_links(content, notebook, output, beside)
    except (ValueError, nbformat.reader.NotJSONError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 1
    code = 0
    with tempfile.TemporaryFile() as kernel_log:
        client = TerminalClient(content, progress, kernel_log)
        try:
            await client.run()
        except (CellExecutionError, RuntimeError, asyncio.CancelledError) as error:  # of a kernel: RuntimeError
            code = 1
            progress.line("")
            reason = ": stopped" if client.stopped else f", {client.failure(error)}"
            print(f"{name}{reason}", file=sys.stderr)
        finally:
            try:
                save(content, output)
            except OSError as error:
                code = 1
                told = f"{output} could not be written: {error.strerror}; what was there is kept"
                print(f"{name}: {told}", file=sys.stderr)
            await client.end()
    return 130 if client.stopped else code


async def main(notebooks, parameters, beside=()):
    beside = [os.path.abspath(file) for file in [*beside, *(notebook for notebook, _ in notebooks)]]
    progress = Progress()
    worst = 0
    for notebook, output in notebooks:
        code = await run(notebook, output, parameters, beside, progress)
        if code == 130:
            return code
        worst = max(worst, code)
    return worst


if __name__ == "__main__":
    sys.exit(asyncio.run(main(**json.loads(sys.argv[1]))))
