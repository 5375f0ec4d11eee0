package io.tagloom.features.fields;

import io.tagloom.conf.FieldSettings;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable;

/** A param that holds field declarations and is saved as their JSON. */
final class FieldsParam extends Param<List<FieldSettings>> {
  FieldsParam(Identifiable parent) {
    super(parent, "fields", "declared fields, as in features.fields of the settings");
  }

  @Override
  public String jsonEncode(List<FieldSettings> fields) {
    return FieldSettings.json(fields);
  }

  @Override
  public List<FieldSettings> jsonDecode(String json) {
    return FieldSettings.parse(json);
  }
}
