/**
 * Encoded samples as training reads them: columnar blocks of primitive arrays.
 *
 * <p>A {@link io.tagloom.features.blocks.Block} holds some thousand rows of one split. Each field
 * is a {@link io.tagloom.features.blocks.FieldColumn}: ids, row offsets and weights. On disk a
 * block is one Parquet row whose columns are packed arrays, described by a {@link
 * io.tagloom.features.blocks.BlockLayout}.
 */
package io.tagloom.features.blocks;
