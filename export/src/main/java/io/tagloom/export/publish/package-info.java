/**
 * Versions of the tables, of which one is the latest: written beside, checked, and published by one
 * small pointer file, so that a reader sees a version whole or not at all.
 *
 * <p>Layout below {@code <root>/tables}: one folder a version with its tables and {@code
 * manifest.json}, {@code _latest} with the name of the published version, {@code _lock} while
 * somebody publishes. A folder without a manifest is what an interrupted run left; the next publish
 * removes it. The store needs no atomic rename of folders.
 */
package io.tagloom.export.publish;
