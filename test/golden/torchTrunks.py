"""What PyTorch's own layers make of a trunk: losses and gradients of twenty steps, in float64, for `torchTrunks.test.ts`.

    python test/golden/torchTrunks.py > test/golden/torchTrunks.json

Written with PyTorch 2.13. Letters: B rows, T ids, k channels, |X| items, M masked items of a row."""

import json

import torch
from torch import nn
from torch.nn import functional

torch.set_default_dtype(torch.float64)
B, T, K, ITEMS, HEADS, M, STEPS, RATE = 5, 9, 8, 12, 2, 2, 20, 0.01


class SasRec(nn.Module):
    def __init__(self, rows, causal):
        super().__init__()
        self.embedding = nn.Parameter(torch.empty(rows, K))
        self.positions = nn.Parameter(torch.empty(T + 2, K))
        options = {"dropout": 0.0, "layer_norm_eps": 1e-8, "batch_first": True, "norm_first": True}
        self.blocks = nn.ModuleList(nn.TransformerEncoderLayer(K, HEADS, K, **options) for _ in range(2))
        self.norm = nn.LayerNorm(K, eps=1e-8)
        self.causal = causal

    def forward(self, ids):
        real = (ids != 0)[:, :, None]
        # Finite, since a row of padding that sees no key must not become NaN.
        hidden = torch.zeros(ids.shape).masked_fill(ids == 0, -1e30)
        later = torch.full((T, T), -1e30).triu(1) if self.causal else torch.zeros(T, T)
        x = (self.embedding[ids] * K**0.5 + self.positions[-T:]) * real
        for block in self.blocks:
            x = block(x, src_mask=later, src_key_padding_mask=hidden) * real
        return self.norm(x) * real

    def named(self):
        def linear(weight, bias):
            return {"kernel": weight.T, "bias": bias}

        def norm(layer):
            return {"gain": layer.weight, "shift": layer.bias}

        def named_block(block):
            attention = block.self_attn
            inputs = zip(attention.in_proj_weight.chunk(3), attention.in_proj_bias.chunk(3))
            query, key, value = (linear(*part) for part in inputs)
            return {
                "attentionNorm": norm(block.norm1),
                "query": query,
                "key": key,
                "value": value,
                "output": linear(attention.out_proj.weight, attention.out_proj.bias),
                "inner": linear(block.linear1.weight, block.linear1.bias),
                "outer": linear(block.linear2.weight, block.linear2.bias),
                "forwardNorm": norm(block.norm2),
            }

        blocks = [named_block(block) for block in self.blocks]
        return {"embedding": self.embedding, "positions": self.positions, "blocks": blocks, "norm": norm(self.norm)}


class Gru(nn.Module):
    def __init__(self, rows):
        super().__init__()
        self.embedding = nn.Parameter(torch.empty(rows, K))
        self.gru = nn.GRU(K, K, batch_first=True)

    def forward(self, ids):
        def states(row):
            after = row[row != 0]
            h, _ = self.gru(self.embedding[after])
            return torch.cat([torch.zeros(len(row) - len(after), K), h])

        return torch.stack([states(row) for row in ids])

    def named(self):
        gru = self.gru
        return {
            "embedding": self.embedding,
            "input": {"kernel": gru.weight_ih_l0.T, "bias": gru.bias_ih_l0},
            "recurrent": {"kernel": gru.weight_hh_l0.T, "bias": gru.bias_hh_l0},
        }


def numbers(tree):
    """Tensors as their shape and nine digits of their numbers."""
    if isinstance(tree, torch.Tensor):
        return {"shape": list(tree.shape), "data": [float(f"{x:.9g}") for x in tree.detach().reshape(-1).tolist()]}
    if isinstance(tree, list):
        return [numbers(part) for part in tree]
    return {name: numbers(part) for name, part in tree.items()}


def feed(masked):
    """Rows of ids with padding before them, and what is predicted of them."""
    rows = torch.randint(1, ITEMS + 1, (B, T + 1))
    for b in range(B):
        rows[b, : 2 * b] = 0
    if not masked:
        return {"ids": rows[:, :-1], "labels": (rows[:, 1:] - 1).clamp(min=0), "weights": (rows[:, 1:] != 0) * 1.0}
    ids, positions = rows[:, 1:].clone(), torch.tensor([[T - 1, T - 3]] * B)
    found = ids.gather(1, positions)
    ids.scatter_(1, positions, ITEMS + 2)
    return {"ids": ids, "positions": positions, "labels": (found - 1).clamp(min=0), "weights": (found != 0) * 1.0}


def with_gradients(model, table, bias):
    """The gradients of all weights under their names."""
    own = {id(parameter): parameter for parameter in model.parameters()}
    held = {key: parameter.data for key, parameter in own.items()}
    for parameter in own.values():
        parameter.data = parameter.grad
    named = numbers({"trunk": model.named(), "softmax": {"table": table.grad, "bias": bias.grad}})
    for key, parameter in own.items():
        parameter.data = held[key]
    return named


def run(model, masked):
    """Twenty steps of TensorFlow's Adam on the softmax over all items."""
    table, bias = nn.Parameter(torch.empty(ITEMS, K)), nn.Parameter(torch.empty(ITEMS))
    parameters = [*model.parameters(), table, bias]
    for parameter in parameters:
        nn.init.normal_(parameter, std=0.4)
    moments = [(torch.zeros_like(p), torch.zeros_like(p)) for p in parameters]
    named = lambda: numbers({"trunk": model.named(), "softmax": {"table": table, "bias": bias}})
    found = {"rate": RATE, "initial": named(), "losses": [], "feeds": []}
    for step in range(1, STEPS + 1):
        batch = feed(masked)
        h = model(batch["ids"])
        chosen = h.gather(1, batch["positions"][:, :, None].expand(-1, -1, K)) if masked else h
        logits = chosen.reshape(-1, K) @ table.T + bias
        losses = functional.cross_entropy(logits, batch["labels"].reshape(-1), reduction="none")
        weights = batch["weights"].reshape(-1)
        loss = (losses * weights).sum() / weights.sum()
        for parameter in parameters:
            parameter.grad = torch.zeros_like(parameter)
        loss.backward()
        if step == 1:
            found["gradients"] = with_gradients(model, table, bias)
        found["losses"].append(loss.item())
        found["feeds"].append({name: values.reshape(-1).tolist() for name, values in batch.items()})
        for parameter, (m, v) in zip(parameters, moments):
            m.mul_(0.9).add_(parameter.grad, alpha=0.1)
            v.mul_(0.999).addcmul_(parameter.grad, parameter.grad, value=0.001)
            corrected = RATE * (1 - 0.999**step) ** 0.5 / (1 - 0.9**step)
            parameter.data -= corrected * m / (v.sqrt() + 1e-8)
    return {**found, "final": named()}


torch.manual_seed(1)
runs = {
    "SASRec": run(SasRec(ITEMS + 2, True), False),
    "bidirectional SASRec": run(SasRec(ITEMS + 3, False), True),
    "GRU": run(Gru(ITEMS + 2), False),
}
sizes = {"items": ITEMS, "channels": K, "heads": HEADS, "blocks": 2, "positions": T + 2}
print(json.dumps({"sizes": sizes, "rows": B, "length": T, "masked": M, "runs": runs}, separators=(",", ":")))
