/**
 * Synchronous training of all workers inside one Spark barrier stage.
 *
 * <p>Each worker keeps its share of the blocks in memory and a full copy of the weights. A step is:
 * gradients of the worker's part of the batch by several threads, dense gradients summed over the
 * workers, touched embedding rows sent to the worker that owns them, update by the owners, new
 * values back to all. A single worker sends nothing. No Spark job runs per step.
 */
package io.tagloom.training.trainer;
