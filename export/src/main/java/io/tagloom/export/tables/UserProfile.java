package io.tagloom.export.tables;

import io.tagloom.export.scoring.KeyOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A user's row of user_tag_profile. Immutable. */
public final class UserProfile {
  private final String userId;
  private final String date;
  private final List<RankedTag> interests;
  private final List<RankedTag> intentions;
  private final List<RankedTag> tags;
  private final String modelId;

  /**
   * Wraps the columns.
   *
   * @param userId the user; empty for the cold profile
   * @param date date as of which the lists were made, YYYY-MM-DD
   * @param interests list of the interests' task
   * @param intentions list of the intentions' task
   * @param tags union of the two, see {@link #union}
   * @param modelId model that made the lists
   */
  public UserProfile(
      String userId,
      String date,
      List<RankedTag> interests,
      List<RankedTag> intentions,
      List<RankedTag> tags,
      String modelId) {
    this.userId = Objects.requireNonNull(userId);
    this.date = Objects.requireNonNull(date);
    this.interests = Collections.unmodifiableList(new ArrayList<>(interests));
    this.intentions = Collections.unmodifiableList(new ArrayList<>(intentions));
    this.tags = Collections.unmodifiableList(new ArrayList<>(tags));
    this.modelId = Objects.requireNonNull(modelId);
  }

  /**
   * The tags of a user, T_u = T_u^C with T_u^V: each tag of either list once, with score and
   * probability of the list where it stands higher (of equal ranks, the interests), ordered by that
   * rank, then by tag, and ranked anew from 1. Scores of two tasks are not comparable, ranks are.
   */
  public static List<RankedTag> union(List<RankedTag> interests, List<RankedTag> intentions) {
    Map<String, RankedTag> best = new HashMap<>();
    for (RankedTag entry : interests) {
      best.put(entry.tag(), entry);
    }
    for (RankedTag entry : intentions) {
      RankedTag other = best.get(entry.tag());
      if (other == null || entry.rank() < other.rank()) {
        best.put(entry.tag(), entry);
      }
    }
    List<RankedTag> ordered = new ArrayList<>(best.values());
    ordered.sort(
        (a, b) ->
            a.rank() != b.rank()
                ? Integer.compare(a.rank(), b.rank())
                : KeyOrder.compare(a.tag(), b.tag()));
    List<RankedTag> union = new ArrayList<>(ordered.size());
    for (RankedTag entry : ordered) {
      union.add(new RankedTag(entry.tag(), entry.score(), entry.probability(), union.size() + 1));
    }
    return union;
  }

  /** The user; empty for the cold profile. */
  public String userId() {
    return userId;
  }

  /** Date as of which the lists were made, YYYY-MM-DD. */
  public String date() {
    return date;
  }

  /** Best tags of the interests' task (ctr unless set otherwise). */
  public List<RankedTag> interests() {
    return interests;
  }

  /** Best tags of the intentions' task (cvr unless set otherwise). */
  public List<RankedTag> intentions() {
    return intentions;
  }

  /** Union of the two lists. */
  public List<RankedTag> tags() {
    return tags;
  }

  /** Model that made the lists. */
  public String modelId() {
    return modelId;
  }

  /** The same lists for another user id. */
  public UserProfile as(String otherUserId) {
    return new UserProfile(otherUserId, date, interests, intentions, tags, modelId);
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof UserProfile)) {
      return false;
    }
    UserProfile that = (UserProfile) other;
    return userId.equals(that.userId)
        && date.equals(that.date)
        && interests.equals(that.interests)
        && intentions.equals(that.intentions)
        && tags.equals(that.tags)
        && modelId.equals(that.modelId);
  }

  @Override
  public int hashCode() {
    return Objects.hash(userId, date, interests, intentions, tags, modelId);
  }

  @Override
  public String toString() {
    return userId + " " + date + " interests " + interests + " intentions " + intentions;
  }
}
