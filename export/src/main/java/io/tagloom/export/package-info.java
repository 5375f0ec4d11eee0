/**
 * From a trained model to published tables: user and tag vectors, gates, ranked tags, proof, and
 * publication.
 *
 * <p>Sees a plain-Java scorer only, no BigDL.
 */
package io.tagloom.export;
