package io.tagloom.export;

import io.tagloom.export.scoring.MatrixProduct;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;

/** Writes user_vectors and user_tag_profile of one partition of encoded users, in one pass. */
final class UserTables implements Function2<Integer, Iterator<Row>, Iterator<WrittenPart>> {
  private static final long serialVersionUID = 1L;

  private final TablePlan tables;
  private final Broadcast<ProfilePlan> plan;
  private final Broadcast<ScoringModel> model;
  private final MatrixProduct product;
  private final boolean withInputs;
  private final String earlier;

  /**
   * Plans the work of a partition.
   *
   * @param withInputs whether user_inputs is written too
   * @param earlier folder of the version before, whose users are carried when their fields are the
   *     same; empty to rank every user
   */
  UserTables(
      TablePlan tables,
      Broadcast<ProfilePlan> plan,
      Broadcast<ScoringModel> model,
      MatrixProduct product,
      boolean withInputs,
      String earlier) {
    this.tables = tables;
    this.plan = plan;
    this.model = model;
    this.product = product;
    this.withInputs = withInputs;
    this.earlier = earlier;
  }

  @Override
  public Iterator<WrittenPart> call(Integer part, Iterator<Row> rows) throws IOException {
    WrittenPart written = earlier.isEmpty() ? writeAll(part, rows) : writeChanged(part, rows);
    return Collections.singletonList(written).iterator();
  }

  private UserPart open(int part) throws IOException {
    return new UserPart(tables, plan.value(), model.value(), product, part, withInputs);
  }

  private WrittenPart writeAll(int part, Iterator<Row> rows) throws IOException {
    try (UserPart writing = open(part)) {
      while (rows.hasNext()) {
        writing.write(Block.fromRow(rows.next()));
      }
      return writing.commit();
    }
  }

  /**
   * Keeps the partition's blocks, some hundred bytes a user, to look whether any user has changed.
   */
  private WrittenPart writeChanged(int part, Iterator<Row> rows) throws IOException {
    List<Block> blocks = new ArrayList<>();
    while (rows.hasNext()) {
      blocks.add(Block.fromRow(rows.next()));
    }
    Configuration configuration = tables.configuration();
    Path before = new Path(earlier);
    long users = same(blocks, before, part);
    if (users >= 0) {
      EarlierUsers.copy(configuration, before, tables.folder(), part);
      return new WrittenPart(users, users, 0, 0, 0.0);
    }
    try (UserPart writing = open(part);
        EarlierUsers reading = EarlierUsers.open(configuration, before, part)) {
      for (Block block : blocks) {
        writing.write(block, reading);
      }
      return writing.commit();
    }
  }

  /** Number of users when they and their fields are as before, else -1. */
  private long same(List<Block> blocks, Path before, int part) throws IOException {
    long users = 0;
    try (EarlierUsers reading = EarlierUsers.open(tables.configuration(), before, part)) {
      for (Block block : blocks) {
        String[] ids = block.key(BlockLayout.USER_ID);
        for (int row = 0; row < ids.length; row++) {
          if (!reading.has(ids[row], UserInputs.fingerprint(block, row))) {
            return -1;
          }
          users++;
        }
      }
    }
    return EarlierUsers.count(tables.configuration(), before, part) == users ? users : -1;
  }
}
