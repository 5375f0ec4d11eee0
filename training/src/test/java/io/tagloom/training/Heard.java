package io.tagloom.training;

import io.tagloom.training.trainer.EpochReport;
import io.tagloom.training.trainer.TrainListener;
import io.tagloom.training.trainer.TrainNotice;
import java.util.ArrayList;
import java.util.List;

/** Keeps what training has told. */
final class Heard implements TrainListener {
  /** Level and text of each notice. */
  final List<String> notices = new ArrayList<>();

  final List<EpochReport> epochs = new ArrayList<>();

  @Override
  public void notice(TrainNotice notice) {
    notices.add(notice.level() + " " + notice.text());
  }

  @Override
  public void epoch(EpochReport report) {
    epochs.add(report);
  }
}
