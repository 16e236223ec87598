"""Hands options to a notebook as a cell after the one that holds its parameters."""

import json
import re

import nbformat


def injected_source(parameters):
    """The TypeScript statement that overrides parameters; names and JSON literals only, so nothing in it can run."""
    for name, value in parameters.items():
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", name):
            raise ValueError(f"parameter name {name!r}")
        if not (value is None or isinstance(value, (bool, int, float, str))):
            raise ValueError(f"parameter {name}: expected text, a number, true, false or null")
    return f"void Object.assign(parameters, {json.dumps(parameters, allow_nan=False)});"


def inject(notebook, parameters):
    """Inserts the cell that overrides the parameters after the first code cell tagged `parameters`."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and "parameters" in cell.metadata.get("tags", []):
            tagged = {"tags": ["injected-parameters"]}
            source = injected_source(parameters)
            override = nbformat.v4.new_code_cell(source, metadata=tagged, id="injected-parameters")
            notebook.cells.insert(index + 1, override)
            return
    raise ValueError("no code cell is tagged 'parameters'")
