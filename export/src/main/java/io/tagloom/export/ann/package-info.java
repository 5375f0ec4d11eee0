/**
 * Nearest-neighbour search over ann_vectors: HNSW indexes saved beside the tables, and plain vector
 * files that other systems read.
 *
 * <p>Source of the index: Malkov and Yashunin, "Efficient and robust approximate nearest neighbor
 * search using Hierarchical Navigable Small World graphs", 2016.
 */
package io.tagloom.export.ann;
