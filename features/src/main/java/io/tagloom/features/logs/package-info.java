/**
 * Reading of the input tables: files, formats, column names, types, row rules.
 *
 * <p>{@link io.tagloom.features.logs.Logs} gives each table with the standard column names and
 * types, whatever its files are. Every row of an event log has an outcome: it is taken, it is too
 * late for the samples it would change, or it breaks a rule, which is named. Only the columns in
 * use and the day partitions in question are read.
 */
package io.tagloom.features.logs;
