package io.tagloom.conf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Settings that cannot be used: exit code 2. Holds every fault found, one line each. */
public final class SettingsException extends TagloomException {
  private final List<String> faults;

  /**
   * Creates the report of all faults.
   *
   * @param faults at least one line, each with what was found, what is expected, and where
   */
  public SettingsException(List<String> faults) {
    super(2, report(faults), null);
    this.faults = Collections.unmodifiableList(new ArrayList<>(faults));
  }

  /**
   * Creates the report of a single fault.
   *
   * @param fault what was found, what is expected, and where
   */
  public SettingsException(String fault) {
    this(Collections.singletonList(fault));
  }

  /** The faults, in the order of the settings. */
  public List<String> faults() {
    return faults;
  }

  private static String report(List<String> faults) {
    if (faults.isEmpty()) {
      throw new IllegalArgumentException("Invalid fault list: empty; expected one fault or more.");
    }
    if (faults.size() == 1) {
      return faults.get(0);
    }
    return "Cannot use these settings: "
        + faults.size()
        + " faults.\n  "
        + String.join("\n  ", faults);
  }
}
