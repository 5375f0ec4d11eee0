#!/usr/bin/env python3
"""Profiles as one JSON text a user, and ann_vectors as hashes with an HNSW index, into Redis.

redis_load.py VERSION_FOLDER TASK [HOST] [PORT]
Needs redis (with the search module on the server), numpy and pyarrow.
"""
import json
import sys

import numpy as np
import pyarrow.parquet as pq
import redis

folder, task = sys.argv[1:3]
host, port = (sys.argv[3:] + ["localhost", "6379"][len(sys.argv) - 3 :])[:2]
store = redis.Redis(host=host, port=int(port))
gates = pq.read_table(f"{folder}/item_gates", filters=[("task", "=", task)])
width = len(gates["ann_vector"][0])
pipe = store.pipeline(transaction=False)
for row in gates.to_pylist():
    vector = np.asarray(row["ann_vector"], dtype=np.float32).tobytes()
    pipe.hset(f"item:{row['item_id']}", mapping={"vector": vector})
for row in pq.read_table(f"{folder}/user_tag_profile").to_pylist():
    pipe.set(f"profile:{row['user_id']}", json.dumps(row))
pipe.execute()
store.execute_command(
    "FT.CREATE", "items", "ON", "HASH", "PREFIX", 1, "item:", "SCHEMA", "vector", "VECTOR",
    "HNSW", 6, "TYPE", "FLOAT32", "DIM", width, "DISTANCE_METRIC", "IP",
)
