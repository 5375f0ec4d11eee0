/** What a person and a program see of a run: result lines, JSON, progress and log file. */
package io.tagloom.pipeline.console;
