/**
 * Reading of the input tables: files, relations of catalogs, versions, formats, column names,
 * types, row rules.
 *
 * <p>{@link io.tagloom.features.logs.Logs} gives each table with the standard column names and
 * types, whatever its files are. Every row of an event log has an outcome: it is taken, it is too
 * late for the samples it would change, or it breaks a rule, which is named. Only the columns in
 * use and the day partitions in question are read.
 *
 * <p>A {@code TableSource} is where a table's rows come from: folders of files, or a relation that
 * Spark knows by name or data source. {@link io.tagloom.features.logs.InputVersions} says which
 * version of an Iceberg or Delta table a run reads.
 */
package io.tagloom.features.logs;
