"""The peer's network: the same as lib/model and lib/model/patches in PyTorch, as PyTorch runs it fastest.

Letters: B batch, T length, k channels, w kernel width, d bottleneck, |Y| labels.
"""

import json
import struct

import torch
import torch.nn.functional as F

LAYOUTS = ("channels last", "channels first")
NORM_EPSILON = 1e-8


def read_safetensors(path):
    """The float32 tensors of a safetensors file, by name."""
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        values = bytearray(file.read())
    return {
        name: torch.frombuffer(values, dtype=torch.float32)[start // 4 : end // 4].reshape(entry["shape"]).clone()
        for name, entry in header.items()
        for start, end in [entry["data_offsets"]]
    }


def fresh_weights(shapes):
    """Weights by path in lib/engine/weights.ts: normal of deviation 0.02 for matrices, gains 1, the rest 0."""
    vector = lambda name, shape: torch.ones(shape) if name.endswith("gain") else torch.zeros(shape)
    matrix = lambda shape: torch.empty(shape).normal_(0, 0.02)
    return {name: matrix(shape) if len(shape) > 1 else vector(name, shape) for name, shape in shapes.items()}


def arranged(weights, layout):
    """The weights with each kernel [w, k, k] as conv1d's [k out, k in, w], stored as the layout wants it."""

    def arrange(name, value):
        if not name.endswith("kernel"):
            return value
        if layout == "channels last":
            return value.permute(2, 0, 1).contiguous().permute(0, 2, 1)
        return value.permute(2, 1, 0).contiguous()

    return {name: arrange(name, value) for name, value in weights.items()}


def causal_conv(x, kernel, bias, dilation, layout):
    """x [B, T, k] -> [B, T, k]; with channels last no copy is made on the way in or out."""
    x = F.pad(x, (0, 0, (kernel.shape[2] - 1) * dilation, 0)).transpose(1, 2)  # [B, k, T + padding]
    if layout == "channels first":
        x = x.contiguous()
    return F.conv1d(x, kernel, bias, dilation=dilation).transpose(1, 2)


def patch(x, weights, at):
    """Eq. 9 with ReLU: x [B, T, k] -> [B, T, k]."""
    narrow = F.relu(torch.matmul(x, weights[f"{at}/down/weight"]) + weights[f"{at}/down/bias"])  # [B, T, d]
    return x + torch.matmul(narrow, weights[f"{at}/up/weight"]) + weights[f"{at}/up/bias"]


def layer(x, weights, block, name, dilation, layout):
    """A convolution, its serial patch where there is one, layer norm and ReLU."""
    at, grafted = f"trunk/blocks/{block}/{name}", f"patches/{block}/{name}"
    x = causal_conv(x, weights[f"{at}/kernel"], weights[f"{at}/bias"], dilation, layout)
    if f"{grafted}/down/weight" in weights:
        x = patch(x, weights, grafted)
    return F.relu(F.layer_norm(x, x.shape[-1:], weights[f"{at}/gain"], weights[f"{at}/shift"], NORM_EPSILON))


def encode(ids, weights, case, layout, sparse=False):
    """ids [B, T] -> hidden states [B, T, k]."""
    x = F.embedding(ids, weights["trunk/embedding"], sparse=sparse)
    for block, dilation in enumerate(case["dilations"]):
        h = layer(x, weights, block, "first", dilation, layout)
        x = x + layer(h, weights, block, "second", 2 * dilation, layout)
    return x
