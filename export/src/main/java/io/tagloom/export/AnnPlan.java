package io.tagloom.export;

import io.tagloom.conf.AnnSettings;
import java.io.Serializable;

/** How indexes are built. Immutable. */
final class AnnPlan implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int links;
  private final int buildWidth;
  private final int searchWidth;

  AnnPlan(AnnSettings settings) {
    this.links = settings.links();
    this.buildWidth = settings.buildWidth();
    this.searchWidth = settings.searchWidth();
  }

  int links() {
    return links;
  }

  int buildWidth() {
    return buildWidth;
  }

  int searchWidth() {
    return searchWidth;
  }
}
