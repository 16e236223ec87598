"""Runs notebooks by a kernel of their own, shows what happens on the terminal and saves what was executed.

One argument: {"notebooks": [[file, where to save it], ...], "parameters": {...}, "tell": file descriptor} as JSON; who reads
the descriptor, if one is given, is told the file of each notebook that ran to its end. Each has a kernel of its own.
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
from contextlib import asynccontextmanager

# Until the kernel starts there is nothing to clean up; Python's own answer to Ctrl-C is a stack trace.
signal.signal(signal.SIGINT, lambda *_: os._exit(130))

# What checks addresses for jsonschema compiles a grammar for more than a second; no notebook needs it.
sys.modules["rfc3987_syntax"] = None

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from injectParameters import inject

SECONDS_BETWEEN_UPDATES = 5

# How often a kernel is started whose ports are taken: they are drawn before it listens on them.
STARTS = 3
PORT_TAKEN = re.compile(r"address already in use|EADDRINUSE", re.IGNORECASE)


def first_line(text):
    """The first line that is not blank."""
    lines = (line.strip() for line in text.splitlines())
    return next((line for line in lines if line), "")


def headline(text):
    """The first line, cut to the width of a terminal line."""
    return first_line(text)[:100]


def error_message(cell):
    """What a failed cell says, in a line."""
    told = [line for o in cell.outputs if o.output_type == "error" for line in o.traceback]
    return first_line("\n".join(told)) or "the cell failed without a message"


class Progress:
    """Prints lines as they come; updates of a display rewrite one line, or come seldom where there is no terminal."""

    def __init__(self, stream=sys.stdout):
        self.stream = stream
        self.rewrites = stream.isatty()
        self.last_update = 0.0
        self.updating = False

    def line(self, text):
        if self.updating:
            self.stream.write("\n")
        self.updating = False
        print(text, file=self.stream, flush=True)

    def update(self, text):
        text = headline(text)
        if self.rewrites:
            self.stream.write(f"\r\033[K  {text}")
            self.stream.flush()
            self.updating = True
        elif time.monotonic() - self.last_update > SECONDS_BETWEEN_UPDATES:
            self.last_update = time.monotonic()
            self.line(f"  {text}")


class TerminalClient(NotebookClient):
    """A client that shows cells, their standard output and their text displays while they arrive."""

    def __init__(self, progress, kernel_log):
        super().__init__(
            nbformat.v4.new_notebook(),
            kernel_name="tslab",
            startup_timeout=600,  # the first one after an update compiles, on a machine that may be busy
            timeout=None,
            # What a cell says is read for as long as this after its end; nbclient would leave out what takes more than 4 s.
            iopub_timeout=600,
            # What is executed keeps pictures: a page that drew widgets would fetch what draws them.
            store_widget_state=False,
        )
        self.progress = progress
        self.kernel_log = kernel_log
        self.current = None
        self.stopped = False

    async def run(self, notebook):
        """Executes a notebook."""
        self.nb = notebook
        self.code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        await self.async_execute(cleanup_kc=False)

    async def end(self):
        """Ends the kernel, where there is one."""
        atexit.unregister(self._cleanup_kernel)  # which nbclient leaves where a kernel did not start
        if self.km is None:
            return
        try:
            await self._async_cleanup_kernel()
        except asyncio.CancelledError:  # a signal, after which it ends at once
            await self._async_cleanup_kernel()

    @asynccontextmanager
    async def async_setup_kernel(self, **options):
        """As nbclient does, whose own answer to signals begins and ends here."""
        try:
            async with super().async_setup_kernel(**options):
                self.stop_on_signal()
                yield
        finally:
            if not self.stopped:
                self.stop_on_signal()

    async def async_start_new_kernel(self, **options):
        self.stop_on_signal()
        await super().async_start_new_kernel(stdout=self.kernel_log, stderr=self.kernel_log, **options)

    async def async_start_new_kernel_client(self):
        """Starts the kernel again, on other ports, where another process has taken one of its ports meanwhile."""
        for left in reversed(range(STARTS)):
            try:
                return await super().async_start_new_kernel_client()
            except RuntimeError as error:
                if left == 0 or not PORT_TAKEN.search(last_words(self.kernel_log)):
                    raise DeadKernelError(str(error)) from error
            self.km = self.create_kernel_manager()
            await self.async_start_new_kernel()

    def stop_on_signal(self):
        """Ends the run at the first signal; later ones (npm repeats them) must not disturb the kernel's shutdown."""
        loop, run = asyncio.get_running_loop(), asyncio.current_task()

        def stop():
            for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                loop.remove_signal_handler(name)
                signal.signal(name, signal.SIG_IGN)
            self.stopped = True
            self.shutdown_kernel = "immediate"
            run.cancel()

        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
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
        # stderr is for the notebook.
        if msg["msg_type"] == "stream" and content["name"] == "stdout":
            for line in content["text"].splitlines():
                self.progress.line(f"  {line}")
        elif "text/markdown" in content.get("data", {}):
            for line in content["data"]["text/markdown"].splitlines():
                self.progress.line(f"  {line}")
        elif msg["msg_type"] in ("display_data", "update_display_data"):
            self.progress.update(content["data"].get("text/plain", ""))
        return super().process_message(msg, cell, cell_index)


def save(notebook, path):
    """Writes the notebook whole or not at all; what a killed process was writing is known by its name, as in lib/files/whole.ts."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    partial = f"{path}.{socket.gethostname().replace('.', '-')}.{os.getpid()}.part"
    try:
        nbformat.write(notebook, partial)
        os.replace(partial, path)
    except OSError:
        if os.path.exists(partial):
            os.remove(partial)
        raise


LINK = re.compile(r"(?<=\]\()(?![a-z]+:|[#/])([^)#\s]+)")


def move_links(notebook, source, output, beside):
    """Lets relative links of its text lead where they led, from where it is saved; `beside` are the notebooks that move with it."""
    here, there = (os.path.dirname(os.path.abspath(path)) for path in (source, output))

    def moved(match):
        target = os.path.join(here, match[1])
        known = target in beside or not os.path.exists(target)
        return match[1] if known else os.path.relpath(target, there)

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(moved, cell.source)


def last_words(log):
    """The last error that a dead kernel's process wrote of, else its last line, where TensorFlow says what it died of."""
    log.seek(0)
    lines = log.read().decode(errors="replace").strip().splitlines()
    errors = [line for line in lines if re.match(r"\w*Error: ", line)]
    return (errors or lines or [""])[-1][:200]


def failure(client, error):
    """What the line says of where and why a run ended."""
    if client.current is None:
        return f"the kernel did not start, or has died. {last_words(client.kernel_log)}"
    if isinstance(error, DeadKernelError):
        reason = f"the kernel died; perhaps there was too little memory. {last_words(client.kernel_log)}"
    else:
        reason = error_message(client.current)
    return f"{client.position(client.current)} ({headline(client.current.source)}): {reason}"


async def run(client, notebook, output, parameters, beside):
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
    try:
        await client.run(content)
    except (CellExecutionError, DeadKernelError, asyncio.CancelledError) as error:
        client.progress.line("")
        reason = ": stopped" if client.stopped else f", {failure(client, error)}"
        print(f"{name}{reason}", file=sys.stderr)
        code = 130 if client.stopped else 1
    try:
        save(content, output)
    except OSError as error:
        print(f"{name}: {output} could not be written: {error.strerror}; what was there is kept", file=sys.stderr)
    else:
        return code
    return code or 1


async def main(notebooks, parameters, tell=None):
    codes = []
    beside = [os.path.abspath(notebook) for notebook, _ in notebooks]
    progress = Progress()
    for notebook, output in notebooks:
        with tempfile.TemporaryFile() as kernel_log:
            client = TerminalClient(progress, kernel_log)
            try:
                codes.append(await run(client, notebook, output, parameters, beside))
            finally:
                await client.end()
        if client.stopped:
            return 130
        if codes[-1] == 0 and tell is not None:
            os.write(tell, f"{notebook}\n".encode())
    return max(codes)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(**json.loads(sys.argv[1]))))
