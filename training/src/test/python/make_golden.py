"""Writes ../resources/golden/mvke-<variant>.json: parameters, inputs, every intermediate, losses and all gradients (float64)."""
import json
import pathlib

import torch

from mvke_reference import Mvke, loss

VARIANTS = {
    "paper": dict(projection="sigmoid", pooling="concat", residual=False, gate="projected", score="cosine"),
    "released": dict(projection="identity", pooling="concat", residual=True, gate="plain", score="dot"),
    "kernel-cosine": dict(projection="relu", pooling="concat", residual=False, gate="projected", score="kernel_cosine"),
    "sum": dict(projection="sigmoid", pooling="sum", residual=False, gate="projected", score="dot"),
    "sum-residual": dict(projection="relu", pooling="sum", residual=True, gate="projected", score="cosine"),
}
# 3 fields: single-valued, multi-valued with weights (one row empty), single-valued; 0 is padding and is never listed.
FIELDS = [
    [([1], [1.0]), ([2], [1.0]), ([1], [1.0]), ([3], [1.0]), ([4], [1.0]), ([2], [1.0])],
    [([1, 2], [0.5, 1.5]), ([], []), ([3], [2.0]), ([2, 4, 5], [1.0, 0.25, 0.75]), ([5], [1.0]), ([1, 1], [1.0, 1.0])],
    [([2], [1.0]), ([1], [1.0]), ([3], [1.0]), ([1], [1.0]), ([2], [1.0]), ([3], [1.0])],
]
TAGS = [([1], [1.0]), ([2, 3], [1.0, 1.0]), ([4], [1.0]), ([1, 5], [2.0, 1.0]), ([3], [1.0]), ([2], [1.0])]
CLICK = [1.0, 0.0, 1.0, 0.0, 1.0, 0.0]
CONVERSION = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
TASKS = {"ctr": [0, 1, 2], "cvr": [1, 2, 3, 4]}


def main():
    folder = pathlib.Path(__file__).parent.parent / "resources" / "golden"
    for seed, (name, switches) in enumerate(VARIANTS.items()):
        torch.manual_seed(20220814 + seed)
        d = A = D = 4
        if name == "sum":
            A, D = 3, 5
        if name == "kernel-cosine":
            D = 5
        model = Mvke([6, 7, 5], 6, d, A, 5, [6], D, TASKS, **switches)
        out = model(FIELDS, TAGS)
        ctr, cvr = loss(out, torch.tensor(CLICK, dtype=torch.float64), torch.tensor(CONVERSION, dtype=torch.float64))
        (ctr + cvr).backward()
        flat = {k: v for k, v in model.named_parameters()}
        json.dump({
            "generator": "make_golden.py", "torch": torch.__version__, "variant": name, **switches,
            "sizes": {"B": 6, "F": 3, "d": d, "A": A, "K": 5, "hidden": [6], "D": D}, "tasks": TASKS,
            "fields": FIELDS, "tags": TAGS, "click": CLICK, "conversion": CONVERSION,
            "parameters": {k: v.tolist() for k, v in flat.items()},
            "attention": out["attention"].tolist(), "experts": out["experts"].tolist(),
            "heads": {t: {k: v.tolist() for k, v in out[t].items()} for t in TASKS},
            "loss": {"ctr": ctr.item(), "cvr": cvr.item()},
            "gradients": {k: v.grad.tolist() for k, v in flat.items()},
        }, open(folder / f"mvke-{name}.json", "w"), indent=None)
        print(name, ctr.item(), cvr.item())


if __name__ == "__main__":
    main()
