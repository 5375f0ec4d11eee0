package io.tagloom.pipeline.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ReportTest {
  @Test
  void dottedKeysMakeNestedObjectsOnOneLine() {
    Report report =
        new Report()
            .put("rows.samples", 12L)
            .put("rows.clicks", 3L)
            .put("tasks.ctr.auc", 0.75)
            .put("tables.user_tag_profile", "/a \"b\"");

    assertThat(report.json())
        .isEqualTo(
            "{\"rows\":{\"samples\":12,\"clicks\":3},\"tasks\":{\"ctr\":{\"auc\":0.75}},"
                + "\"tables\":{\"user_tag_profile\":\"/a \\\"b\\\"\"}}");
  }

  @Test
  void aMeasureWithoutValueIsLeftOut() {
    assertThat(new Report().put("a", Double.NaN).put("b", 1.5).json()).isEqualTo("{\"b\":1.5}");
  }

  @Test
  void aMeasureThatCouldNotBeTakenIsNull() {
    assertThat(new Report().putNull("a").put("b.c", 1.5).putNull("b.d").json())
        .isEqualTo("{\"a\":null,\"b\":{\"c\":1.5,\"d\":null}}");
  }

  @Test
  void addingKeepsBothAndTheLaterValueWins() {
    Report report = new Report().put("rows.a", 1L).put("x", "old").line("first");

    report.add(new Report().put("rows.b", 2L).put("x", "new").line("second"));

    assertThat(report.json()).isEqualTo("{\"rows\":{\"a\":1,\"b\":2},\"x\":\"new\"}");
    assertThat(report.lines()).containsExactly("first", "second");
  }

  @Test
  void theTextOfAReportGivesItBack() throws IOException {
    Report report = new Report().put("tasks.ctr.auc", 0.1 + 0.2).line("a line");

    Report again = Report.fromText(report.toText());

    assertThat(again.json()).isEqualTo(report.json());
    assertThat(again.lines()).isEqualTo(report.lines());
    assertThat(again.number("tasks.ctr.auc")).isEqualTo(0.1 + 0.2);
    assertThat(again.number("tasks.cvr.auc")).isNaN();
    assertThat(again.names("tasks")).containsExactly("ctr");
  }

  @Test
  void otherTextIsRefused() {
    assertThatThrownBy(() -> Report.fromText("{}"))
        .isInstanceOf(IOException.class)
        .hasMessage("not a report");
  }
}
