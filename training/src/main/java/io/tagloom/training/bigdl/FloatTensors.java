package io.tagloom.training.bigdl;

import com.intel.analytics.bigdl.tensor.Tensor;
import com.intel.analytics.bigdl.tensor.Tensor$;
import com.intel.analytics.bigdl.tensor.TensorNumericMath.TensorNumeric;
import io.tagloom.shaded.scala211.reflect.ClassTag;
import io.tagloom.shaded.scala211.reflect.ClassTag$;

/** BigDL tensors over Java's float arrays. */
public final class FloatTensors {
  /** The class tag of float. */
  public static final ClassTag<Object> TAG = floatTag();

  /** Arithmetic of float. */
  public static final TensorNumeric<Object> NUMERIC = numeric();

  private FloatTensors() {}

  /** A flat tensor over the array itself: what is written to one is read from the other. */
  public static Tensor<Object> over(float[] values) {
    return Tensor$.MODULE$.apply(values, new int[] {values.length}, TAG, NUMERIC);
  }

  /** The array below a tensor. */
  public static float[] array(Tensor<Object> tensor) {
    return (float[]) tensor.storage().array();
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static ClassTag<Object> floatTag() {
    return (ClassTag) ClassTag$.MODULE$.Float();
  }

  /** Scala objects inside objects have no name in Java. */
  @SuppressWarnings("unchecked")
  private static TensorNumeric<Object> numeric() {
    try {
      return (TensorNumeric<Object>)
          Class.forName(
                  "com.intel.analytics.bigdl.tensor.TensorNumericMath$TensorNumeric$NumericFloat$")
              .getField("MODULE$")
              .get(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot find BigDL's float arithmetic. Check its jar.", e);
    }
  }
}
