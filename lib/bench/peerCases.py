"""What the peer computes for each kind of case, as PyTorch users write it.

Letters: U users, B batch or labels of a batch, T length with [TCL], k channels, |Y| labels, S candidates.
"""

import itertools
import math

import torch
import torch.nn.functional as F

from peerModel import encode

READY_BATCHES = 8


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

    def steps(self):
        """The batches of each step: a few that come up in turn, as a loader would have them ready."""
        return itertools.cycle([[self.drawn()] for _ in range(READY_BATCHES)])

    def items(self, length):
        return torch.randint(1, self.case["items"] + 1, (self.case["batch"], length))

    def labels(self):
        return torch.randint(self.case["labels"], (self.case["batch"],))

    def shaped(self, batch):
        """A batch of a file: integers in their shapes."""
        shapes = {name: value.shape for name, value in self.drawn().items()}
        return {name: batch[name].long().reshape(shape) for name, shape in shapes.items()}


class TrainStep(Training):
    """The trunk alone; the embedding is frozen."""

    @staticmethod
    def tuned(name):
        return name.startswith("trunk/blocks")

    def drawn(self):
        return {"ids": self.items(self.case["length"])}

    def loss(self, batch):
        return encode(batch["ids"], self.weights, self.case, self.layout).square().mean()


class FinetuneStep(Training):
    """Patches and classifier under BPR; the trunk is frozen."""

    @staticmethod
    def tuned(name):
        return not name.startswith("trunk")

    def with_tcl(self, ids):
        return torch.cat([ids, torch.full((len(ids), 1), self.case["items"] + 1)], 1)  # [B, T]

    def drawn(self):
        ids = self.with_tcl(self.items(self.case["length"]))
        return {"ids": ids, "labels": self.labels(), "negatives": self.labels()}

    def user_vector(self, ids):
        return encode(ids, self.weights, self.case, self.layout)[:, -1]  # [B, k]

    def score_of(self, h, labels):
        return (h * F.embedding(labels, self.weights["head/table"])).sum(1) + self.weights["head/bias"][labels]

    def bpr(self, h, batch):
        return F.softplus(self.score_of(h, batch["negatives"]) - self.score_of(h, batch["labels"])).mean()

    def loss(self, batch):
        return self.bpr(self.user_vector(batch["ids"]), batch)


class FinetuneEpoch(FinetuneStep):
    """One pass over all labels; a user is encoded once for each label of a batch, or once."""

    @staticmethod
    def name(case):
        return f"fused Adam, {case['peer']}"

    def steps(self):
        counts = [labels for labels, users in zip((3, 2, 1), self.case["labelled"]) for _ in range(users)]
        owners = torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))
        ids = self.with_tcl(torch.randint(1, self.case["items"] + 1, (len(counts), self.case["length"])))
        labels = torch.randint(self.case["labels"], (len(owners),))
        while True:
            yield list(self.shared(ids, owners, labels) if self.shares() else self.single(ids, owners, labels))

    def shares(self):
        return self.case["peer"] == "shared encodings"

    def negatives(self, count):
        return torch.randint(self.case["labels"], (count,))

    def single(self, ids, owners, labels):
        for chosen in torch.randperm(len(owners)).split(self.case["batch"]):
            yield {"ids": ids[owners[chosen]], "labels": labels[chosen], "negatives": self.negatives(len(chosen))}

    def shared(self, ids, owners, labels):
        """As many users in a batch as have `batch` labels on average; the labels of each lie side by side."""
        starts = torch.searchsorted(owners, torch.arange(len(ids) + 1)).tolist()
        for users in torch.randperm(len(ids)).split(math.ceil(self.case["batch"] * len(ids) / len(owners))):
            rows = [torch.arange(starts[user], starts[user + 1]) for user in users.tolist()]
            owner = torch.repeat_interleave(torch.arange(len(users)), torch.tensor([len(row) for row in rows]))
            chosen = torch.cat(rows)
            negatives = self.negatives(len(chosen))
            yield {"ids": ids[users], "owner": owner, "labels": labels[chosen], "negatives": negatives}

    def loss(self, batch):
        h = self.user_vector(batch["ids"])
        return self.bpr(h[batch["owner"]] if self.shares() else h, batch)

    def shaped(self, batch):
        """Only labels that count; ids of each label's user where encodings are not shared."""
        counts = batch["weights"] > 0
        chosen = {name: batch[name][counts].long() for name in ("owner", "labels", "negatives")}
        ids = batch["ids"].long().reshape(-1, self.case["length"] + 1)
        return chosen | {"ids": ids if self.shares() else ids[chosen["owner"]]}


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

    def steps(self):
        ready = [self.items(self.case["length"] + 1) for _ in range(READY_BATCHES)]
        for sequences in itertools.cycle(ready):
            yield [self.pairs(sequences)]

    def drawn(self):
        return self.pairs(self.items(self.case["length"] + 1))

    def pairs(self, sequences):
        """Pairs of an item and the next."""
        labels = sequences[:, 1:].reshape(-1) - 1
        sample = {} if self.case["sampled"] is None else self.sample(labels)
        return {"ids": sequences[:, :-1], "labels": labels} | sample

    def sample(self, labels):
        """Log-uniform candidates, distinct, with log expected counts."""
        candidates, tries = self.candidates()
        return {
            "candidates": candidates,
            "candidateLogCounts": self.log_counts(candidates, tries),
            "labelLogCounts": self.log_counts(labels, tries),
        }

    def candidates(self):
        size, items = self.case["sampled"], self.case["items"]
        found, tries = {}, 0
        while len(found) < size:
            draws = (torch.rand(2 * size) * math.log(items + 1)).exp().long() - 1
            for item in draws.clamp(0, items - 1).tolist():
                if len(found) == size:
                    break
                found[item] = None
                tries += 1
        return torch.tensor(list(found)), tries

    def log_counts(self, ids, tries):
        probability = torch.log1p(1 / (ids + 1)) / math.log(self.case["items"] + 1)
        return torch.log(-torch.expm1(tries * torch.log1p(-probability)))

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

    def shaped(self, batch):
        ids = batch["ids"].long().reshape(-1, self.case["length"])
        whole = {name: batch[name].long() for name in ("labels", "candidates") if name in batch}
        return batch | whole | {"ids": ids}


class Evaluate(FinetuneStep):
    """The rank of one label of each user among all, in inference mode."""

    def __init__(self, case, weights, layout, _rate, compiled):
        self.case, self.weights, self.layout = case, weights, layout
        self.ranks_of = torch.compile(self.ranks) if compiled else self.ranks

    @staticmethod
    def name(_case):
        return "inference mode"

    def drawn(self):
        ids = self.with_tcl(self.items(self.case["length"]))
        return {"ids": ids, "labels": self.labels()}

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
    "finetune-epoch": FinetuneEpoch,
    "pretrain": Pretrain,
    "evaluate": Evaluate,
}
