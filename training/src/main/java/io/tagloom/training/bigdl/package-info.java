/** The only package that names types of BigDL and of Scala; plain Java on the outside. */
package io.tagloom.training.bigdl;
