/**
 * Everything that names BigDL or Scala types: MKL, and the layers as BigDL modules.
 *
 * <p>Ids are 0-based here too, unlike in BigDL's own {@code LookupTable}.
 */
package io.tagloom.training.bigdl;
