/**
 * How fast the network is by itself, without Spark and without data: steps of training, the matrix
 * products they consist of, and inference. Timed by JMH in this very process, so that what is
 * measured runs on the same virtual machine, MKL and settings as a run.
 */
package io.tagloom.training.bench;
