/** The measurements behind {@code tagloom bench}. */
package io.tagloom.pipeline.bench;
