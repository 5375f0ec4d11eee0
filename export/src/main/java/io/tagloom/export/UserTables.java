package io.tagloom.export;

import io.tagloom.export.scoring.KeyOrder;
import io.tagloom.export.scoring.MatrixProduct;
import io.tagloom.export.tables.TableKind;
import io.tagloom.export.tables.TableWriter;
import io.tagloom.export.tables.UserProfile;
import io.tagloom.export.tables.UserVectors;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockLayout;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
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

  UserTables(
      TablePlan tables,
      Broadcast<ProfilePlan> plan,
      Broadcast<ScoringModel> model,
      MatrixProduct product) {
    this.tables = tables;
    this.plan = plan;
    this.model = model;
    this.product = product;
  }

  @Override
  public Iterator<WrittenPart> call(Integer part, Iterator<Row> blocks) throws IOException {
    try (TableWriter<UserVectors> vectors =
            TableWriter.vectors(tables.part(TableKind.USER_VECTORS, part));
        TableWriter<UserProfile> profiles =
            TableWriter.profiles(tables.part(TableKind.USER_TAG_PROFILE, part))) {
      UserPart writing = new UserPart(plan.value(), model.value(), product, vectors, profiles);
      while (blocks.hasNext()) {
        writing.write(Block.fromRow(blocks.next()));
      }
      vectors.commit();
      profiles.commit();
      return Collections.singletonList(writing.written()).iterator();
    }
  }

  /** The users of one partition, block by block. */
  private static final class UserPart {
    private final ScoringModel model;
    private final ProfileRanking ranking;
    private final TableWriter<UserVectors> vectors;
    private final TableWriter<UserProfile> profiles;
    private final int width;
    private float[] experts = {};
    private String last = "";
    private long users;
    private long outOfOrder;
    private long notFinite;

    UserPart(
        ProfilePlan plan,
        ScoringModel model,
        MatrixProduct product,
        TableWriter<UserVectors> vectors,
        TableWriter<UserProfile> profiles) {
      this.model = model;
      this.ranking = new ProfileRanking(plan, product);
      this.vectors = vectors;
      this.profiles = profiles;
      this.width = model.kernels() * model.outputDim();
    }

    void write(Block block) throws IOException {
      int rows = block.rows();
      if (experts.length < rows * width) {
        experts = new float[rows * width];
      }
      model.experts(block, experts);
      ranking.rank(experts, rows);
      String[] ids = block.key(BlockLayout.USER_ID);
      for (int row = 0; row < rows; row++) {
        if (users > 0 && KeyOrder.compare(last, ids[row]) >= 0) {
          outOfOrder++;
        }
        last = ids[row];
        users++;
        notFinite += Finite.all(experts, row * width, width) ? 0 : 1;
        vectors.write(
            new UserVectors(ids[row], model.kernels(), model.outputDim(), experts, row * width));
        profiles.write(ranking.profile(row, ids[row]));
      }
    }

    WrittenPart written() {
      return new WrittenPart(users, outOfOrder, notFinite, 0.0);
    }
  }
}
