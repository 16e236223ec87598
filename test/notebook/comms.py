"""Talks to a real kernel while a cell runs; prints as JSON, one a line, every message that came in answer, and to what."""

import json
import queue
import time

from jupyter_client.manager import KernelManager

CELL = """
import { openWidget } from './lib/notebook/kernel/kernel';
const said: unknown[] = [];
const widget = openWidget({ _esm: 'esm', _anywidget_id: 'test' }, { count: 1 }, (content) => said.push(content));
widget.set({ count: 2 });
while (said.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
console.log(JSON.stringify(said));
"""

manager = KernelManager(kernel_name="tslab")
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=120)
names = {}


def ask(kind, content):
    message = client.session.msg(kind, content)
    names[message["header"]["msg_id"]] = kind
    client.shell_channel.send(message)


def heard(message):
    parent = names.get(message["parent_header"].get("msg_id"))
    found = {"type": message["msg_type"], "parent": parent, "content": message["content"], "metadata": message["metadata"]}
    if parent:
        print(json.dumps(found))
    return found


def until(condition, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for channel in ("iopub", "shell"):
            try:
                found = heard(getattr(client, f"get_{channel}_msg")(timeout=0.02))
            except queue.Empty:
                continue
            if condition(found):
                return found
    raise TimeoutError


def settled(kind):
    return lambda found: found["parent"] == kind and found["content"].get("execution_state") == "idle"


try:
    ask("execute_request", {"code": CELL, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False})
    opened = until(lambda found: found["type"] == "comm_open")["content"]["comm_id"]
    until(lambda found: found["type"] == "comm_msg")
    ask("comm_info_request", {"target_name": "jupyter.widget"})
    until(lambda found: found["type"] == "comm_info_reply")
    ask("comm_open", {"comm_id": "nobody", "target_name": "unknown", "data": {}})
    until(settled("comm_open"))
    ask("comm_open", {"comm_id": "control", "target_name": "jupyter.widget.control", "data": {}})
    ask("comm_msg", {"comm_id": "control", "data": {"method": "request_states"}})
    until(settled("comm_msg"))
    ask("comm_close", {"comm_id": opened, "data": {}})
    until(settled("comm_close"))
    ask("comm_msg", {"comm_id": opened, "data": {"method": "request_state"}})
    until(settled("comm_msg"))
    ask("comm_msg", {"comm_id": opened, "data": {"method": "custom", "content": {"do": "stop"}}})
    until(settled("execute_request"))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
