/**
 * One class a command: its options, examples and text. What a command does is in {@link
 * io.tagloom.pipeline.stages}.
 */
package io.tagloom.pipeline.command;
