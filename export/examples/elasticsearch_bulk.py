#!/usr/bin/env python3
"""ann_vectors as a bulk request for Elasticsearch or OpenSearch.

elasticsearch_bulk.py VERSION_FOLDER TASK INDEX | curl -H 'Content-Type: application/x-ndjson' --data-binary @- HOST/_bulk
Mapping: {"vector": {"type": "dense_vector", "dims": DIMS, "index": true, "similarity": "max_inner_product"}}
(OpenSearch: {"type": "knn_vector", "dimension": DIMS, "space_type": "innerproduct"}).
Query with the user's experts that the task reads, one after another. Needs pyarrow.
"""
import json
import sys

import pyarrow.parquet as pq

folder, task, index = sys.argv[1:4]
table = pq.read_table(f"{folder}/item_gates", filters=[("task", "=", task)])
for batch in table.to_batches(max_chunksize=1000):
    for row in batch.to_pylist():
        print(json.dumps({"index": {"_index": index, "_id": row["item_id"]}}))
        print(json.dumps({"item_id": row["item_id"], "vector": row["ann_vector"]}))
