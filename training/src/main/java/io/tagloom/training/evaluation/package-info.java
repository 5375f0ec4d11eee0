/** Exact metrics on held-out samples: AUC with ties and weights, log loss, calibration. */
package io.tagloom.training.evaluation;
