/**
 * Example logs with a planted truth.
 *
 * <p>{@link io.tagloom.pipeline.generate.ExampleLogs} writes impressions, clicks, conversions,
 * users and items of any size with Spark, and apart from them the probabilities that they were
 * drawn from; {@link io.tagloom.pipeline.generate.Truth} turns these into the best AUC that a model
 * can reach.
 *
 * <p>How the world works. Every user is interested in two or three topics and, by age and income,
 * inclined to buy within others. Every tag belongs to one topic and may touch a second. A click has
 * the logit <i>a + b * (mean over the item's tags of the user's affinity) + appeal + position
 * bias</i>, a conversion after a click <i>c + d * (mean intent)</i>; a little noise per user and
 * tag is not to be seen in any field. The users' fields show interests, age and income with mild
 * noise.
 *
 * <p>Everything is a function of (seed, purpose, index) through a counter-based hash, so that any
 * row can be made alone, in any order, in any number of partitions.
 */
package io.tagloom.pipeline.generate;
