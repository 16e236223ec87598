"""Cases of the peer, as PyTorch users write them.

Letters: B batch, T length with [TCL], k channels, |Y| labels, S candidates.
"""

import torch
import torch.nn.functional as F

from peerModel import encode


def fused_adam(parameters, rate):
    return torch.optim.Adam(parameters, lr=rate, eps=1e-8, fused=True)


class Training:
    """A loss that fused Adam lowers."""

    def __init__(self, case, weights, layout, rate, compiled):
        self.case, self.weights, self.layout = case, weights, layout
        for name, value in weights.items():
            value.requires_grad_(self.tuned(name))
        self.optimizers = self.optimizers_of({n: v for n, v in weights.items() if v.requires_grad}, rate)
        self.loss_of = torch.compile(self.loss) if compiled else self.loss
        self.precision = torch.autocast("cpu", torch.bfloat16, enabled=case["precision"] == "bf16")

    @staticmethod
    def name(_case):
        return "fused Adam"

    def optimizers_of(self, tuned, rate):
        return [fused_adam(tuned.values(), rate)]

    def step(self, batch):
        for optimizer in self.optimizers:
            optimizer.zero_grad()
        with self.precision:
            loss = self.loss_of(batch)
        loss.backward()
        for optimizer in self.optimizers:
            optimizer.step()
        return loss.item()


class TrainStep(Training):
    """The trunk alone; the embedding is frozen."""

    @staticmethod
    def tuned(name):
        return name.startswith("trunk/blocks")

    def loss(self, batch):
        return encode(batch["ids"], self.weights, self.case, self.layout).square().mean()


class FinetuneStep(Training):
    """Patches and classifier under BPR; the trunk is frozen."""

    @staticmethod
    def tuned(name):
        return not name.startswith("trunk")

    def user_vector(self, ids):
        return encode(ids, self.weights, self.case, self.layout)[:, -1]  # [B, k]

    def score_of(self, h, labels):
        return (h * F.embedding(labels, self.weights["head/table"])).sum(1) + self.weights["head/bias"][labels]

    def loss(self, batch):
        h = self.user_vector(batch["ids"])
        return F.softplus(self.score_of(h, batch["negatives"]) - self.score_of(h, batch["labels"])).mean()


class Pretrain(Training):
    """Next-item prediction over all items or over sampled ones; item tables under dense Adam or SparseAdam."""

    def __init__(self, case, weights, layout, rate, compiled):
        self.sparse = case["peer"] == "SparseAdam"
        weights["softmax/bias"] = weights["softmax/bias"].reshape(-1, 1)
        super().__init__(case, weights, layout, rate, compiled)

    @staticmethod
    def name(case):
        return "fused Adam" if case["peer"] == "dense Adam" else "SparseAdam on item tables, fused Adam on the trunk"

    @staticmethod
    def tuned(_name):
        return True

    def optimizers_of(self, tuned, rate):
        if not self.sparse:
            return super().optimizers_of(tuned, rate)
        blocks = [value for name, value in tuned.items() if name.startswith("trunk/blocks")]
        tables = [value for name, value in tuned.items() if not name.startswith("trunk/blocks")]
        return [fused_adam(blocks, rate), torch.optim.SparseAdam(tables, lr=rate, eps=1e-8)]

    def rows(self, table, ids):
        return F.embedding(ids, self.weights[f"softmax/{table}"], sparse=self.sparse)

    def loss(self, batch):
        h = encode(batch["ids"], self.weights, self.case, self.layout, self.sparse).flatten(0, 1)  # [B T, k]
        if self.case["sampled"] is None:
            logits = F.linear(h, self.weights["softmax/table"], self.weights["softmax/bias"][:, 0])  # [B T, |X|]
            return F.cross_entropy(logits, batch["labels"])
        labels, candidates = batch["labels"], batch["candidates"]
        own = (h * self.rows("table", labels)).sum(1) + self.rows("bias", labels)[:, 0] - batch["labelLogCounts"]
        shift = self.rows("bias", candidates)[:, 0] - batch["candidateLogCounts"]
        logits = torch.addmm(shift, h, self.rows("table", candidates).T)  # [B T, S]
        logits = logits.masked_fill(labels[:, None] == candidates, -1e30)
        logits = torch.cat([own[:, None], logits], 1)  # [B T, 1 + S]
        return F.cross_entropy(logits, torch.zeros(len(labels), dtype=torch.long))


class Evaluate(FinetuneStep):
    """The rank of one label of each user among all, in inference mode."""

    def __init__(self, case, weights, layout, _rate, compiled):
        self.case, self.weights, self.layout = case, weights, layout
        self.ranks_of = torch.compile(self.ranks) if compiled else self.ranks

    @staticmethod
    def name(_case):
        return "inference mode"

    def ranks(self, batch):
        h = self.user_vector(batch["ids"])
        scores = torch.addmm(self.weights["head/bias"], h, self.weights["head/table"].T)  # [B, |Y|]
        own = scores.gather(1, batch["labels"][:, None])  # [B, 1]
        return (scores >= own).sum(1)

    def step(self, batch):
        with torch.inference_mode():
            return self.ranks_of(batch).float().mean().item()


CASES = {
    "train-step": TrainStep,
    "finetune-step": FinetuneStep,
    "pretrain": Pretrain,
    "evaluate": Evaluate,
}
