/** Serving stores that are filled from published tables. */
package io.tagloom.export.sinks;
