package io.tagloom.features.fields;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.FieldSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.spark.unsafe.types.UTF8String;

class FieldPropertiesTest {
  @Property(tries = 200, seed = "7")
  void meanWeightsSumToOneInAbsoluteValueAndIdsAreDistinct(
      @ForAll @Size(min = 1, max = 80) List<@IntRange(min = 0, max = 30) Integer> ids) {
    IdBuffer buffer = new IdBuffer();
    Map<Integer, Integer> counts = new HashMap<>();
    for (int id : ids) {
      buffer.add(id, 1);
      counts.merge(id, 1, Integer::sum);
    }
    buffer.merge();
    buffer.normalize();

    assertThat(buffer.size()).isEqualTo(counts.size());
    double sum = 0;
    for (int i = 0; i < buffer.size(); i++) {
      assertThat((double) buffer.weight(i))
          .isCloseTo((double) counts.get(buffer.id(i)) / ids.size(), within(1e-6));
      sum += buffer.weight(i);
    }
    assertThat(sum).isCloseTo(1.0, within(1e-5));
    assertThat(buffer.id(0)).isEqualTo(ids.get(0));
  }

  @Property(tries = 100, seed = "7")
  void anIdNeverMeansAnotherValueWhateverTheDaysBring(
      @ForAll @Size(min = 2, max = 8)
          List<@Size(max = 12) List<@IntRange(max = 20) Integer>> days) {
    FieldSettings field =
        FieldSettings.parse("[{name = f, side = user, kind = categorical, max-size = 12}]").get(0);
    Vocabulary before = null;
    for (int day = 0; day < days.size(); day++) {
      FieldCounts.Field counts = new FieldCounts.Field();
      Map<Integer, Long> rows = new TreeMap<>();
      for (int value : days.get(day)) {
        rows.merge(value, 1L, Long::sum);
      }
      for (Map.Entry<Integer, Long> value : rows.entrySet()) {
        counts.values.add(
            new FieldCounts.Value(
                UTF8String.fromString("v" + value.getKey()), value.getValue(), day));
      }
      counts.values.sort((a, b) -> Long.compare(b.rows, a.rows));
      Vocabulary now = new VocabularyFit(field, counts, before, day - 2).vocabulary();
      assertThat(now.size()).isLessThanOrEqualTo(12);
      if (before != null) {
        assertThat(now.extendsFrom(before)).isTrue();
      }
      before = day % 3 == 2 ? now.confirmReset() : now;
    }
  }
}
