package io.tagloom.conf;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Fields and vocabularies: block {@code features} of {@code reference.conf}. Immutable. */
public final class FeatureSettings {
  private final List<FieldSettings> fields;
  private final String tagField;
  private final int evictAfterDays;
  private final int blockRows;
  private final double leakAuc;
  private final double warnUnknownShare;
  private final double warnDrift;

  private FeatureSettings(SettingsReader reader) {
    int minCount = reader.integer("min-count", 1, Integer.MAX_VALUE);
    int maxSize = reader.integer("max-size", 3, 100_000_000);
    Normalize normalize = reader.choice("normalize", Normalize.class);
    this.fields =
        FieldSettings.readAll(
            reader, "fields", new FieldSettings.FieldDefaults(minCount, maxSize, normalize));
    this.tagField = reader.requiredText("tag-field");
    this.evictAfterDays = reader.integer("evict-after-days", 0, 3650);
    this.blockRows = reader.integer("block-rows", 64, 65536);
    this.leakAuc = reader.number("leak-auc", 0.5, 1);
    this.warnUnknownShare = reader.number("warn-unknown-share", 0, 1);
    this.warnDrift = reader.number("warn-drift", 0, 100);
    if (!fields.isEmpty()) {
      checkTagField(reader);
    }
  }

  static FeatureSettings read(SettingsReader reader) {
    return new FeatureSettings(reader);
  }

  private void checkTagField(SettingsReader reader) {
    boolean declared =
        field(tagField)
            .filter(field -> field.side() == Side.ITEM)
            .filter(
                field ->
                    field.kind() == FieldKind.MULTI_VALUED
                        || field.kind() == FieldKind.MULTI_VALUED_WEIGHTED)
            .isPresent();
    if (!declared) {
      reader.fault(
          "tag-field",
          tagField,
          "the name of a declared field of side item and kind multi-valued or multi-valued-weighted");
    }
    boolean user = fields.stream().anyMatch(field -> field.side() == Side.USER);
    if (!user) {
      reader.fault("fields", "none of side user", "at least one field of side user");
    }
  }

  /** The declared fields in order; empty when none is declared. */
  public List<FieldSettings> fields() {
    return fields;
  }

  /** The declared fields of one side, in order. */
  public List<FieldSettings> fields(Side side) {
    List<FieldSettings> some = new ArrayList<>();
    for (FieldSettings field : fields) {
      if (field.side() == side) {
        some.add(field);
      }
    }
    return some;
  }

  /** The declared field of a name. */
  public Optional<FieldSettings> field(String name) {
    return fields.stream().filter(field -> field.name().equals(name)).findFirst();
  }

  /** Name of the field that holds an item's tags. */
  public String tagField() {
    return tagField;
  }

  /** Days unseen after which a value may be evicted; 0 never evicts. */
  public int evictAfterDays() {
    return evictAfterDays;
  }

  /** Samples per encoded block. */
  public int blockRows() {
    return blockRows;
  }

  /** AUC of a single field above which the run fails. */
  public double leakAuc() {
    return leakAuc;
  }

  /** Share of unknown values in a field above which a warning is given. */
  public double warnUnknownShare() {
    return warnUnknownShare;
  }

  /** Population stability index of a field against the last run above which a warning is given. */
  public double warnDrift() {
    return warnDrift;
  }

  /**
   * Checks that fields are there at all and that each history field is of a known event; settings
   * that were loaded have passed the second.
   *
   * @param labelTypes conversion types that are labels of their own
   * @throws SettingsException with every fault
   */
  public void requireUsable(Collection<String> labelTypes) {
    List<String> faults = new ArrayList<>();
    if (fields.isEmpty()) {
      faults.add(
          "Invalid features.fields: []; expected at least one field of side user and the tag field.");
    }
    faults.addAll(eventFaults(labelTypes));
    if (!faults.isEmpty()) {
      throw new SettingsException(faults);
    }
  }

  /** History fields of events that are none, one text each. */
  List<String> eventFaults(Collection<String> labelTypes) {
    List<String> faults = new ArrayList<>();
    for (FieldSettings field : fields) {
      String of = field.of();
      boolean known = of.equals("click") || of.equals("conversion") || labelTypes.contains(of);
      if (field.kind().isHistory() && !known) {
        faults.add(
            "Invalid event of history field "
                + field.name()
                + ": "
                + of
                + "; expected click, conversion or one of samples.label-types "
                + labelTypes
                + ".");
      }
    }
    return faults;
  }
}
