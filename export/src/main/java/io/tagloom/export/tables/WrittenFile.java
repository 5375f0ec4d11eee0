package io.tagloom.export.tables;

import java.io.Serializable;

/** A file that a task has written. Immutable. */
public final class WrittenFile implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final long rows;

  WrittenFile(String name, long rows) {
    this.name = name;
    this.rows = rows;
  }

  /** Name within its table. */
  public String name() {
    return name;
  }

  /** Rows in it. */
  public long rows() {
    return rows;
  }
}
