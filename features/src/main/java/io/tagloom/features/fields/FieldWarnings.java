package io.tagloom.features.fields;

import io.tagloom.conf.FeatureSettings;
import io.tagloom.features.blocks.Block;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What deserves a look in the fields of a run, as lines for a person. */
final class FieldWarnings {
  private FieldWarnings() {}

  /** Share of unknown ids by field in rows that the fit has not read; empty without rows. */
  static Map<String, Double> unknownShares(List<Block> heldOut) {
    Map<String, Double> shares = new LinkedHashMap<>();
    if (heldOut.isEmpty()) {
      return shares;
    }
    for (String field : heldOut.get(0).layout().fields()) {
      long values = 0;
      long unknown = 0;
      for (Block block : heldOut) {
        for (int id : block.field(field).ids()) {
          values += id == Vocabulary.PADDING ? 0 : 1;
          unknown += id == Vocabulary.UNKNOWN ? 1 : 0;
        }
      }
      shares.put(field, values == 0 ? 0.0 : (double) unknown / values);
    }
    return shares;
  }

  static List<String> of(
      List<FieldStatistics> statistics, Map<String, Double> heldOut, FeatureSettings settings) {
    List<String> warnings = new ArrayList<>();
    for (FieldStatistics field : statistics) {
      String name = "Field " + field.field();
      if (field.covered() == 0) {
        warnings.add(name + " has no value in any training row. Check its column.");
      } else if (field.covered() == field.rows()
          && field.top().size() == 1
          && field.occurrences() == field.rows()
          && field.unknown() == 0) {
        String only = field.top().keySet().iterator().next();
        warnings.add(name + " is constant: every training row has the value " + only + ".");
      }
      double limit = settings.warnUnknownShare();
      if (field.unknownShare() > limit) {
        warnings.add(unknown(name, "training rows", field.unknownShare(), limit));
      }
      double unseen = heldOut.getOrDefault(field.field(), 0.0);
      if (unseen > limit) {
        warnings.add(unknown(name, "held-out rows", unseen, limit));
      }
      if (field.drift().orElse(0.0) > settings.warnDrift()) {
        warnings.add(
            String.format(
                Locale.ROOT,
                "%s has drifted: population stability index %.3f against the last run, above %.3f"
                    + " (features.warn-drift).",
                name,
                field.drift().get(),
                settings.warnDrift()));
      }
    }
    return warnings;
  }

  private static String unknown(String name, String where, double share, double limit) {
    return String.format(
        Locale.ROOT,
        "%s: %.1f %% of its values in %s are unknown, above %.1f %% (features.warn-unknown-share)."
            + " Lower min-count or raise max-size.",
        name,
        100 * share,
        where,
        100 * limit);
  }
}
