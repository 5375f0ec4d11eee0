/**
 * The layers of MVKE as BigDL modules, for use in any BigDL graph.
 *
 * <p>They are thin: each copies its input to the layout of {@link io.tagloom.training.layers},
 * calls the layer, and copies the result back; the trainer calls the layers without them. Rows come
 * first in every tensor. All float; no dropout inside (put BigDL's own between). A step is {@code
 * forward} and {@code backward}, as in every BigDL module; {@code accGradParameters} alone adds
 * what the last {@code updateGradInput} found.
 */
package io.tagloom.training.bigdl.nn;
