/**
 * Layers of MVKE, forward and backward, over flat arrays.
 *
 * <p>Letters: n rows of a tile, F user fields, I item fields, d width of embeddings, A width of
 * attention, K virtual kernels, K_t kernels of task t, H hidden units, D width of expert outputs
 * and tag vectors, T tasks.
 *
 * <p>Layout: activations of a tile keep the <em>row innermost</em>: a {@code [H][n]} array holds
 * unit j of row r at {@code j * n + r}. Every element-wise pass is then one long flat loop, every
 * sum over a short width (A, F, D, K_t) adds whole vectors of rows, and a product takes the array
 * as a column-major matrix of n rows. Only embeddings are gathered with their width innermost.
 *
 * <p>Weights are read at offsets of one array of dense weights, and their gradients are added at
 * the same offsets of an array of the same length. A layer owns buffers for one tile; it is used by
 * one thread at a time. {@code forward} must come before {@code backward} of the same tile.
 */
package io.tagloom.training.layers;
