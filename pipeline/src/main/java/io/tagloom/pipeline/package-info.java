/**
 * The command line: {@code tagloom COMMAND}. Thin over {@link io.tagloom.pipeline.stages}, which is
 * thin over features, training and export.
 */
package io.tagloom.pipeline;
