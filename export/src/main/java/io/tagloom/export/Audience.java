package io.tagloom.export;

import io.tagloom.export.ann.Neighbour;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.export.tables.TableReader;
import io.tagloom.export.tables.UserVectors;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SerializableWritable;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/** The best users of one tag in one file of user_vectors. */
final class Audience implements Function<String, List<Neighbour>>, Serializable {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableWritable<Configuration>> hadoop;
  private final TagMatrix tag;
  private final int top;

  /**
   * Plans a search.
   *
   * @param tag a matrix of the one tag
   * @param top users wanted
   */
  Audience(Broadcast<SerializableWritable<Configuration>> hadoop, TagMatrix tag, int top) {
    this.hadoop = hadoop;
    this.tag = tag;
    this.top = top;
  }

  @Override
  public List<Neighbour> call(String file) throws IOException {
    // The worst first: it makes room for a better one.
    PriorityQueue<Neighbour> best = new PriorityQueue<>(Collections.<Neighbour>reverseOrder());
    try (TableReader<UserVectors> reader =
        TableReader.vectors(hadoop.value().value(), Collections.singletonList(new Path(file)))) {
      for (Optional<UserVectors> next = reader.next(); next.isPresent(); next = reader.next()) {
        UserVectors user = next.get();
        float score = (float) tag.score(user.experts(), user.offset(), 0);
        best.add(new Neighbour(user.userId(), score));
        if (best.size() > top) {
          best.remove();
        }
      }
    }
    return new ArrayList<>(best);
  }
}
