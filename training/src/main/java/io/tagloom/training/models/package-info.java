/**
 * The MVKE model as plain arrays: shape, weights, batches, gradients, the network and its scorer.
 *
 * <p>Source: Xu et al., "Mixture of Virtual-Kernel Experts for Multi-Objective User Profile
 * Modeling", KDD 2022. Letters as in {@link io.tagloom.training.layers}.
 */
package io.tagloom.training.models;
