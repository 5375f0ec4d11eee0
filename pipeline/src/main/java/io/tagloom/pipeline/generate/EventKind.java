package io.tagloom.pipeline.generate;

/** What is peculiar about a row of a log. */
enum EventKind {
  /** Nothing. */
  REGULAR,
  /**
   * The same id as another row, at the same time or up to 30 seconds later, in the same day's log.
   */
  DUPLICATE,
  /** In the log of one or two days after its time. */
  LATE,
  /** A click on an impression without another click, one to six hours after it. */
  OUT_OF_WINDOW,
  /** Names an impression (or click) that was never logged and an item that was never shown. */
  ORPHAN,
  /** A second click on one impression, with an id of its own. */
  REPEATED,
  /** After the last day that is written: counted, never written. */
  AFTER_END
}
