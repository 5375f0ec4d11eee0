package io.tagloom.export;

import io.tagloom.export.scoring.KeyOrder;
import io.tagloom.export.scoring.MatrixProduct;
import io.tagloom.export.tables.TableKind;
import io.tagloom.export.tables.TableWriter;
import io.tagloom.export.tables.UserProfile;
import io.tagloom.export.tables.UserVectors;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockLayout;
import java.io.Closeable;
import java.io.IOException;
import java.util.AbstractMap;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;

/** The users of one partition on their way to the files of that partition, block by block. */
final class UserPart implements Closeable {
  private final ScoringModel model;
  private final ProfileRanking ranking;
  private final TableWriter<UserVectors> vectors;
  private final TableWriter<UserProfile> profiles;
  private final Optional<TableWriter<Map.Entry<String, Long>>> inputs;
  private final int width;
  private float[] experts = {};
  private String last = "";
  private long users;
  private long carried;
  private long outOfOrder;
  private long notFinite;

  UserPart(
      TablePlan tables,
      ProfilePlan plan,
      ScoringModel model,
      MatrixProduct product,
      int part,
      boolean withInputs)
      throws IOException {
    this.model = model;
    this.ranking = new ProfileRanking(plan, product);
    this.width = model.kernels() * model.outputDim();
    this.vectors = TableWriter.vectors(tables.part(TableKind.USER_VECTORS, part));
    this.profiles = TableWriter.profiles(tables.part(TableKind.USER_TAG_PROFILE, part));
    this.inputs =
        withInputs
            ? Optional.of(TableWriter.fingerprints(tables.part(TableKind.USER_INPUTS, part)))
            : Optional.empty();
  }

  /** Ranks and writes all users of a block. */
  void write(Block block) throws IOException {
    score(block);
    String[] ids = block.key(BlockLayout.USER_ID);
    for (int row = 0; row < block.rows(); row++) {
      begin(ids[row], block, row);
      writeScored(ids[row], row);
    }
  }

  /** Carries users whose fields are as before, ranks and writes the others. */
  void write(Block block, EarlierUsers earlier) throws IOException {
    String[] ids = block.key(BlockLayout.USER_ID);
    BitSet changed = new BitSet(block.rows());
    UserVectors[] oldVectors = new UserVectors[block.rows()];
    UserProfile[] oldProfiles = new UserProfile[block.rows()];
    for (int row = 0; row < block.rows(); row++) {
      if (earlier.has(ids[row], UserInputs.fingerprint(block, row))) {
        oldVectors[row] = earlier.vectors();
        oldProfiles[row] = earlier.profile();
      } else {
        changed.set(row);
      }
    }
    if (!changed.isEmpty()) {
      score(UserInputs.rows(block, changed));
    }
    int scored = 0;
    for (int row = 0; row < block.rows(); row++) {
      begin(ids[row], block, row);
      if (changed.get(row)) {
        writeScored(ids[row], scored++);
      } else {
        carried++;
        vectors.write(oldVectors[row]);
        profiles.write(oldProfiles[row]);
      }
    }
  }

  private void score(Block block) {
    if (experts.length < block.rows() * width) {
      experts = new float[block.rows() * width];
    }
    model.experts(block, experts);
    ranking.rank(experts, block.rows());
  }

  private void begin(String user, Block block, int row) throws IOException {
    if (users > 0 && KeyOrder.compare(last, user) >= 0) {
      outOfOrder++;
    }
    last = user;
    users++;
    if (inputs.isPresent()) {
      inputs.get().write(new AbstractMap.SimpleEntry<>(user, UserInputs.fingerprint(block, row)));
    }
  }

  private void writeScored(String user, int row) throws IOException {
    notFinite += Finite.all(experts, row * width, width) ? 0 : 1;
    vectors.write(new UserVectors(user, model.kernels(), model.outputDim(), experts, row * width));
    profiles.write(ranking.profile(row, user));
  }

  /** Ends the files and gives them their names. */
  WrittenPart commit() throws IOException {
    vectors.commit();
    profiles.commit();
    if (inputs.isPresent()) {
      inputs.get().commit();
    }
    return new WrittenPart(users, carried, outOfOrder, notFinite, 0.0);
  }

  @Override
  public void close() throws IOException {
    vectors.close();
    profiles.close();
    if (inputs.isPresent()) {
      inputs.get().close();
    }
  }
}
