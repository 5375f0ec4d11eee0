/**
 * Synchronous training of all workers inside one Spark barrier stage.
 *
 * <p>Each worker keeps its share of the blocks, in memory as far as they fit and else in a local
 * file, and a full copy of the weights. A step is: gradients of the worker's part of the batch by
 * several threads, dense gradients summed over the workers, touched embedding rows sent to the
 * worker that owns them, update by the owners, new values back to all. A single worker sends
 * nothing. No Spark job runs per step.
 *
 * <p>Now and then all workers write a checkpoint, each the rows it owns. Spark gives up a barrier
 * stage at the first task that fails; the driver then starts another, whose workers find the newest
 * checkpoint that is whole. A driver that is started again finds it, too.
 */
package io.tagloom.training.trainer;
