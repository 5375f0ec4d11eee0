/**
 * Settings: what a run may be told, checked before anything starts.
 *
 * <p>{@code reference.conf} is the one place that lists every key with its meaning, unit, range and
 * default. {@link io.tagloom.conf.Settings#load} puts a file and single keys over it and returns
 * typed, immutable sections; whatever is unknown or wrong is refused in one report that names file
 * and line of each fault. Nothing here knows Spark or BigDL.
 */
package io.tagloom.conf;
