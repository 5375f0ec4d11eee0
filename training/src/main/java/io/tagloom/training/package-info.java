/** The MVKE model as a spark.ml estimator, its bundle on disk, and the jobs that train it. */
package io.tagloom.training;
