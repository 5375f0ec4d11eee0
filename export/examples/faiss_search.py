#!/usr/bin/env python3
"""The items (or tags) with the highest scores for a user, by Faiss.

faiss_search.py VERSION_FOLDER SIDE TASK USER [TOP]     SIDE: tag or item
Needs faiss-cpu, numpy and pyarrow.
"""
import sys

import faiss
import numpy as np
import pyarrow.parquet as pq

folder, side, task, user = sys.argv[1:5]
top = int(sys.argv[5]) if len(sys.argv) > 5 else 10
gates = pq.read_table(f"{folder}/{side}_gates", filters=[("task", "=", task)]).to_pydict()
names = gates["tag" if side == "tag" else "item_id"]
vectors = np.asarray(gates["ann_vector"], dtype=np.float32)
index = faiss.IndexFlatIP(vectors.shape[1])
index.add(vectors)
users = pq.read_table(f"{folder}/user_vectors", filters=[("user_id", "=", user)]).to_pydict()
experts = np.asarray(users["experts"][0], dtype=np.float32)
query = experts[gates["kernels"][0]].reshape(1, -1)
scores, found = index.search(query, min(top, len(names)))
for score, i in zip(scores[0], found[0]):
    print(f"{names[i]}\t{score:.6f}")
