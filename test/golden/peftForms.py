"""What peft makes of a product: LoRA, DoRA and (IA)³ of one linear layer, in float64, for `forms.test.ts`.

    python test/golden/peftForms.py > test/golden/peftForms.json

Written with peft 0.18. The gradients are those of Σ y · cotangent."""

import json

import peft
import torch
from torch import nn

torch.set_default_dtype(torch.float64)
ROWS, K, D, RANK, ALPHA = 5, 6, 4, 2, 3


def numbers(tensor):
    return {"shape": list(tensor.shape), "data": [float(f"{x:.9g}") for x in tensor.detach().reshape(-1).tolist()]}


def case(name, config, weights):
    """`weights`: our names of a form's weights, and where peft has them (transposed where ours are)."""
    model = nn.Sequential(nn.Linear(K, D))
    wrapped = peft.get_peft_model(model, config)
    layer = wrapped.base_model.model[0]
    linear = layer.base_layer
    for parameter in wrapped.parameters():
        nn.init.normal_(parameter, std=0.5)
    if name == "DoRA":  # any magnitude, so that it is no identity
        layer.lora_magnitude_vector["default"].weight.data.abs_().add_(0.5)
    x, cotangent = torch.randn(ROWS, K), torch.randn(ROWS, D)
    y = wrapped(x)
    (y * cotangent).sum().backward()
    found = {key: get(layer) for key, get in weights.items()}
    ours = lambda parameter: parameter.T if parameter.ndim == 2 and name != "(IA)³" else parameter.reshape(-1)
    return {
        "x": numbers(x),
        "cotangent": numbers(cotangent),
        "kernel": numbers(linear.weight.T),
        "bias": numbers(linear.bias),
        "y": numbers(y),
        "patch": {key: numbers(ours(parameter.data)) for key, parameter in found.items()},
        "gradients": {key: numbers(ours(parameter.grad)) for key, parameter in found.items()},
    }


def factors():
    return {"A": lambda layer: layer.lora_A["default"].weight, "B": lambda layer: layer.lora_B["default"].weight}


torch.manual_seed(1)
lora = {"r": RANK, "lora_alpha": ALPHA, "target_modules": ["0"]}
dora = {**factors(), "m": lambda layer: layer.lora_magnitude_vector["default"].weight}
gain = {"gain": lambda layer: layer.ia3_l["default"]}
cases = {
    "LoRA": case("LoRA", peft.LoraConfig(**lora), factors()),
    "DoRA": case("DoRA", peft.LoraConfig(**lora, use_dora=True), dora),
    "(IA)³": case("(IA)³", peft.IA3Config(target_modules=["0"], feedforward_modules=[]), gain),
    "(IA)³ of what is read": case("(IA)³", peft.IA3Config(target_modules=["0"], feedforward_modules=["0"]), gain),
}
print(json.dumps({"rank": RANK, "alpha": ALPHA, "cases": cases}, separators=(",", ":")))
