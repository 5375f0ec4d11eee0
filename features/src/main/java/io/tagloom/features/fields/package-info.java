/**
 * From samples, users and items to encoded blocks, as spark.ml stages.
 *
 * <p>{@link io.tagloom.features.fields.HistoryFeatures} adds what a user did before each
 * impression, {@link io.tagloom.features.fields.JoinSnapshots} adds the columns of users and items,
 * {@code io.tagloom.features.fields.FeatureEncoder} learns vocabularies on training rows and its
 * model turns rows into {@link io.tagloom.features.blocks.Block}s. {@link
 * io.tagloom.features.fields.EncodeJob} runs all of it for a date.
 *
 * <p>Ids of every field: 0 is padding (no value), 1 the unknown value, 2 and more are values.
 */
package io.tagloom.features.fields;
