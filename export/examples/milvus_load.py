#!/usr/bin/env python3
"""ann_vectors into a Milvus collection with inner-product search.

milvus_load.py VERSION_FOLDER TASK URI COLLECTION
Needs pymilvus and pyarrow.
"""
import sys

import pyarrow.parquet as pq
from pymilvus import MilvusClient

folder, task, uri, collection = sys.argv[1:5]
table = pq.read_table(f"{folder}/item_gates", filters=[("task", "=", task)])
client = MilvusClient(uri)
width = len(table["ann_vector"][0])
client.create_collection(
    collection, dimension=width, id_type="string", max_length=512, metric_type="IP"
)
for batch in table.to_batches(max_chunksize=1000):
    rows = batch.to_pylist()
    client.upsert(collection, [{"id": r["item_id"], "vector": r["ann_vector"]} for r in rows])
