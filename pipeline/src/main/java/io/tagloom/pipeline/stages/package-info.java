/**
 * The stages of a night, each for one date: samples, train, evaluate, export.
 *
 * <p>A stage reads what the stages before it have written below {@code run.root}, refuses with a
 * clear text when that is missing, and replaces its own output whole, so that it can be run again
 * at any time. {@link io.tagloom.pipeline.stages.Nightly} runs them in order and passes over those
 * whose settings and inputs are what they were.
 */
package io.tagloom.pipeline.stages;
