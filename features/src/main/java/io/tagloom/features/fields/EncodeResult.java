package io.tagloom.features.fields;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@link EncodeJob} has made and found. Immutable. */
public final class EncodeResult {
  private final EncodedSamples samples;
  private final List<FieldAuc> aucs;
  private final Map<String, Double> unknownShares;
  private final List<String> warnings;
  private final double stateBytesPerSample;

  EncodeResult(
      EncodedSamples samples,
      List<FieldAuc> aucs,
      Map<String, Double> unknownShares,
      List<String> warnings,
      double stateBytesPerSample) {
    this.samples = samples;
    this.aucs = Collections.unmodifiableList(new ArrayList<>(aucs));
    this.unknownShares = Collections.unmodifiableMap(new LinkedHashMap<>(unknownShares));
    this.warnings = Collections.unmodifiableList(new ArrayList<>(warnings));
    this.stateBytesPerSample = stateBytesPerSample;
  }

  /** The encoded samples on disk. */
  public EncodedSamples samples() {
    return samples;
  }

  /** The fitted encoder. */
  public FeatureEncoderModel encoder() {
    return samples.encoder();
  }

  /** Samples by split. */
  public Map<String, Long> rowsBySplit() {
    return encoder().rowsBySplit();
  }

  /** Coverage, unknown share, size, top values and drift of each field in training rows. */
  public List<FieldStatistics> statistics() {
    return encoder().statistics();
  }

  /** How well each field alone predicts each label. */
  public List<FieldAuc> aucs() {
    return aucs;
  }

  /** Share of unknown values by field in a sample of the rows that are not trained on, 0 to 1. */
  public Map<String, Double> heldOutUnknownShares() {
    return unknownShares;
  }

  /** Constant fields, many unknown values, drift: one line each, for a person. */
  public List<String> warnings() {
    return warnings;
  }

  /** Bytes of primitive arrays per training sample, keys not counted. */
  public double stateBytesPerSample() {
    return stateBytesPerSample;
  }
}
