/**
 * The published tables as Parquet files: schemas, records, writing and reading with primitive
 * arrays, without a row object for each value.
 *
 * <p>Every file carries, in its key-value metadata, {@code tagloom.schema-version}, {@code
 * tagloom.table} and {@code tagloom.model-id}.
 */
package io.tagloom.export.tables;
