"""The peer's network: the same as lib/model/trunks and lib/model/patches in PyTorch, as PyTorch runs it fastest.

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
        if value.ndim == 2:
            return value.T.contiguous()  # as nn.Linear and nn.GRU keep it
        if layout == "channels last":
            return value.permute(2, 0, 1).contiguous().permute(0, 2, 1)
        return value.permute(2, 1, 0).contiguous()

    arranged = {name: arrange(name, value) for name, value in weights.items()}
    for name in [name for name in arranged if "/query/" in name]:
        parts = [arranged.pop(name.replace("/query/", f"/{part}/")) for part in ("query", "key", "value")]
        arranged[name.replace("/query/", "/inputs/")] = torch.cat(parts)  # as nn.MultiheadAttention keeps them
    return arranged


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


def attention_block(x, weights, at, heads):
    """A causal block with a norm before each layer: x [B, T, k] -> [B, T, k]."""
    norm = lambda y, name: F.layer_norm(
        y, y.shape[-1:], weights[f"{at}/{name}/gain"], weights[f"{at}/{name}/shift"], NORM_EPSILON
    )
    linear = lambda y, name: F.linear(y, weights[f"{at}/{name}/kernel"], weights[f"{at}/{name}/bias"])
    B, T, k = x.shape
    q, key, value = linear(norm(x, "attentionNorm"), "inputs").view(B, T, 3, heads, k // heads).permute(2, 0, 3, 1, 4)
    y = F.scaled_dot_product_attention(q, key, value, is_causal=True).transpose(1, 2).reshape(B, T, k)
    x = x + linear(y, "output")
    return x + linear(F.relu(linear(norm(x, "forwardNorm"), "inner")), "outer")


def encode_sasrec(x, weights, case):
    """Embeddings [B, T, k] -> hidden states [B, T, k]."""
    x = x * x.shape[2] ** 0.5 + weights["trunk/positions"][-x.shape[1] :]
    for block in range(case["blocks"]):
        x = attention_block(x, weights, f"trunk/blocks/{block}", case["heads"])
    return F.layer_norm(x, x.shape[-1:], weights["trunk/norm/gain"], weights["trunk/norm/shift"], NORM_EPSILON)


def encode_gru(x, weights):
    """Embeddings [B, T, k] -> hidden states [B, T, k], by what nn.GRU calls."""
    own = [weights[f"trunk/{part}/{name}"] for name in ("kernel", "bias") for part in ("input", "recurrent")]
    states, _ = torch.gru(x, x.new_zeros(1, x.shape[0], x.shape[2]), own, True, 1, 0.0, True, False, True)
    return states


def encode(ids, weights, case, layout, sparse=False):
    """ids [B, T] -> hidden states [B, T, k]."""
    x = F.embedding(ids, weights["trunk/embedding"], sparse=sparse)
    if case.get("trunk") == "SASRec":
        return encode_sasrec(x, weights, case)
    if case.get("trunk") == "GRU":
        return encode_gru(x, weights)
    for block, dilation in enumerate(case["dilations"]):
        h = layer(x, weights, block, "first", dilation, layout)
        x = x + layer(h, weights, block, "second", 2 * dilation, layout)
    return x
