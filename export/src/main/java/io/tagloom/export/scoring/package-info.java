/**
 * Scores of users by tags: blocked matrix products, a total order, and certified search.
 *
 * <p>Letters: K virtual kernels (experts) of the model, K_t kernels that task t reads, D width of
 * expert outputs and tag vectors, m tags. A user is K experts E^k of D floats, one after another. A
 * tag is, per task, a vector E_T of D floats and K_t gate weights w_k that sum to 1.
 *
 * <p>Score of a user for a tag: x = sum_k w_k &lt;E^k, E_T&gt; for {@code dot} and {@code
 * kernel-cosine} (whose experts and vectors have length 1), cos(sum_k w_k E^k, E_T) for {@code
 * cosine}. A tag can also stand for the items that carry it: then x is the mean of their scores, by
 * one product with the mean of their {@code concat_k(w_k E_T)}, and gates and vectors are means
 * that say how much of it is each expert's. Probability = sigmoid(scale * x + bias), scale and bias
 * the task's, or for such means each tag's own. Lists are ordered by score, largest first, and
 * equal scores by tag, smallest first in UTF-8 byte order.
 *
 * <p>Source of the model: Xu et al., "Mixture of Virtual-Kernel Experts for Multi-Objective User
 * Profile Modeling", KDD 2022.
 */
package io.tagloom.export.scoring;
