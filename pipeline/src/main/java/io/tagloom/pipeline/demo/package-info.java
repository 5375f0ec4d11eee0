/** The demo: example logs, one night on them, and what came out, for reading. */
package io.tagloom.pipeline.demo;
