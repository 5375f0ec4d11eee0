#!/usr/bin/env python3
"""Nearest tags or items by the cosine of their ann_vectors, from the npy files of a version.

numpy_search.py VERSION_FOLDER SIDE TASK NAME [TOP]     SIDE: tags or items
Needs numpy, and an export with export.ann.files = [npy].
"""
import sys

import numpy as np

folder, side, task, name = sys.argv[1:5]
top = int(sys.argv[5]) if len(sys.argv) > 5 else 10
base = f"{folder}/vectors/{side}-{task}"
vectors = np.load(base + ".npy")
with open(base + ".names", encoding="utf-8") as lines:
    names = [line.rstrip("\n") for line in lines]
unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-30)
wanted = names.index(name)
cosines = unit @ unit[wanted]
for i in [i for i in np.argsort(-cosines, kind="stable") if i != wanted][:top]:
    print(f"{names[i]}\t{cosines[i]:.6f}")
