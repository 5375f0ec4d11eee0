package io.tagloom.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeatureSettingsTest {
  private static final String TAGS = "{name = tags, side = item, kind = multi-valued}";
  private static final String AGE = "{name = age, side = user, kind = bucketed, edges = [18, 25]}";

  private static FeatureSettings features(String... assignments) {
    Map<String, String> overrides = new HashMap<>();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      overrides.put(assignment.substring(0, equals), assignment.substring(equals + 1));
    }
    return Settings.reference(overrides).features();
  }

  private static List<String> faults(String field) {
    return catchThrowableOfType(
            SettingsException.class, () -> FieldSettings.parse("[" + field + "]"))
        .faults();
  }

  private static FieldSettings one(String field) {
    return FieldSettings.parse("[" + field + "]").get(0);
  }

  @Test
  void theReferenceDeclaresNoFieldsAndDocumentedDefaults() {
    FeatureSettings features = features();

    assertThat(features.fields()).isEmpty();
    assertThat(features.tagField()).isEqualTo("tags");
    assertThat(features.evictAfterDays()).isZero();
    assertThat(features.blockRows()).isEqualTo(4096);
    assertThat(features.leakAuc()).isEqualTo(0.98);
    assertThat(features.warnUnknownShare()).isEqualTo(0.5);
    assertThat(features.warnDrift()).isEqualTo(0.25);
    assertThatThrownBy(() -> features.requireUsable(Collections.<String>emptyList()))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "Invalid features.fields: []; expected at least one field of side user and the tag"
                + " field.");
  }

  @Test
  void fieldsTakeTheBlocksDefaultsUnlessTheySayOtherwise() {
    FeatureSettings features =
        features(
            "features.fields=["
                + AGE
                + ","
                + TAGS
                + ",{name = city, side = user, kind = categorical,"
                + " column = town, min-count = 9, max-size = 50}]",
            "features.min-count=3",
            "features.max-size=1000",
            "features.normalize=none");

    FieldSettings tags = features.field("tags").get();
    assertThat(tags.minCount()).isEqualTo(3);
    assertThat(tags.maxSize()).isEqualTo(1000);
    assertThat(tags.normalize()).isEqualTo(Normalize.NONE);
    assertThat(tags.column()).isEqualTo("tags");
    FieldSettings city = features.field("city").get();
    assertThat(city.column()).isEqualTo("town");
    assertThat(city.minCount()).isEqualTo(9);
    assertThat(city.maxSize()).isEqualTo(50);
    assertThat(features.field("age").get().edges()).containsExactly(18.0, 25.0);
    assertThat(features.fields(Side.USER)).hasSize(2);
    assertThat(features.fields(Side.CONTEXT)).isEmpty();
  }

  @Test
  void everyKindHasItsDefaults() {
    assertThat(one("{name = a, side = user, kind = bucketed}").buckets()).isEqualTo(10);
    assertThat(one("{name = a, side = user, kind = hashed}").hashSize()).isEqualTo(100_000);
    FieldSettings history = one("{name = a, side = user, kind = history, of = click}");
    assertThat(history.historyValues()).isEqualTo(HistoryValues.ITEMS);
    assertThat(history.last()).isEqualTo(50);
    assertThat(history.halfLifeDays()).isZero();
    assertThat(history.lookBackDays()).isEqualTo(30);
    FieldSettings counts = one("{name = a, side = user, kind = history-counts, of = cart}");
    assertThat(counts.historyValues()).isEqualTo(HistoryValues.TAGS);
    assertThat(counts.halfLifeDays()).isEqualTo(7);
    assertThat(counts.of()).isEqualTo("cart");
    assertThat(counts.normalize()).isEqualTo(Normalize.MEAN);
  }

  @Test
  void declarationsComeBackFromTheirJson() {
    List<FieldSettings> fields =
        FieldSettings.parse(
            "["
                + AGE
                + ","
                + TAGS
                + ",{name = h, side = user, kind = hashed, size = 9, normalize = none},"
                + "{name = q, side = user, kind = bucketed, buckets = 4},"
                + "{name = w, side = item, kind = multi-valued-weighted, weights-column = ww},"
                + "{name = c, side = user, kind = history-counts, of = click, values = items,"
                + " half-life-days = 0.5, last = 3, look-back-days = 8}]");

    assertThat(FieldSettings.parse(FieldSettings.json(fields))).isEqualTo(fields);
  }

  @Test
  void wrongDeclarationsAreNamedWithTheirRule() {
    assertThat(faults("{name = a, side = user, kind = category}").get(0))
        .startsWith("Invalid fields[0].kind: category; expected one of categorical, multi-valued,");
    assertThat(faults("{name = a, side = person, kind = categorical}").get(0))
        .startsWith("Invalid fields[0].side: person; expected one of user, item, context");
    assertThat(faults("{name = a, side = user, kind = bucketed, edges = [1, 3, 2]}").get(0))
        .startsWith(
            "Invalid fields[0].edges: [1.0, 3.0, 2.0]; expected 1 to 9999 finite numbers in"
                + " ascending order");
    assertThat(faults("{name = a, side = user, kind = bucketed, edges = [1, 1]}")).hasSize(1);
    assertThat(faults("{name = a, side = user, kind = bucketed, edges = []}")).hasSize(1);
    assertThat(faults("{name = a, side = user, kind = bucketed, edges = [1], buckets = 3}").get(0))
        .startsWith("Invalid fields[0].buckets: beside edges; expected either buckets or edges");
    assertThat(faults("{name = a, side = user, kind = multi-valued-weighted}").get(0))
        .startsWith("Missing fields[0].weights-column; expected a text");
    assertThat(faults("{name = a, side = item, kind = history, of = click}").get(0))
        .startsWith(
            "Invalid fields[0].side: item; expected user, since a history is the user's own");
    assertThat(faults("{name = a, side = user, kind = history}").get(0))
        .startsWith("Missing fields[0].of; expected a text");
    assertThat(faults("{name = \"a b\", side = user, kind = categorical}").get(0))
        .startsWith("Invalid fields[0].name: a b; expected a letter, then letters, digits and _");
    assertThat(faults("{name = a, side = user, kind = categorical, edges = [1]}").get(0))
        .startsWith("Unknown key fields[0].edges");
    assertThat(faults(AGE + "," + AGE.replace("age", "Age")).get(0))
        .startsWith(
            "Invalid fields[1].name: Age; expected a name that no other field has (case does not"
                + " count)");
    assertThat(faults("{name = a, side = user, kind = categorical, max-size = 2}").get(0))
        .startsWith("Invalid fields[0].max-size: 2; expected a whole number from 3 to");
  }

  @Test
  void theTagFieldMustBeAListOfTheItem() {
    String rule =
        "; expected the name of a declared field of side item and kind multi-valued or"
            + " multi-valued-weighted";
    assertThatThrownBy(() -> features("features.fields=[" + AGE + "]"))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("Invalid features.tag-field: tags" + rule);
    assertThatThrownBy(
            () ->
                features(
                    "features.fields=[" + AGE + ",{name = tags, side = item, kind = categorical}]"))
        .hasMessageStartingWith("Invalid features.tag-field: tags" + rule);
    assertThatThrownBy(() -> features("features.fields=[" + TAGS + "]"))
        .hasMessageStartingWith(
            "Invalid features.fields: none of side user; expected at least one field of side user");
  }

  @Test
  void aHistoryOfAnUnknownEventIsRefusedWithTheSettings() {
    String history = "{name = carts, side = user, kind = history, of = cart}";
    String fields = "features.fields=[" + history + "," + TAGS + "]";

    assertThatThrownBy(() -> features(fields))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "Invalid event of history field carts: cart; expected click, conversion or one of"
                + " samples.label-types [].");
    assertThat(features(fields, "samples.label-types=[cart]").fields()).hasSize(2);
  }
}
