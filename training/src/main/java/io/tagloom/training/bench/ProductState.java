package io.tagloom.training.bench;

import io.tagloom.training.bigdl.Mkl;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** JMH's view of a matrix product C = A B of MKL on each thread: what the processor can give. */
@State(Scope.Thread)
public class ProductState {
  /** Sizes as {@code MxNxK}: C is M x N, with K inner terms. */
  @Param("512x512x512")
  public String product;

  private int m;
  private int n;
  private int k;
  private float[] a;
  private float[] b;
  private float[] c;

  /** Operations of a product. */
  static double flops(String product) {
    int[] sizes = sizes(product);
    return 2.0 * sizes[0] * sizes[1] * sizes[2];
  }

  private static int[] sizes(String product) {
    return Arrays.stream(product.split("x")).mapToInt(Integer::parseInt).toArray();
  }

  /** Makes the matrices. */
  @Setup
  public void prepare() {
    int[] sizes = sizes(product);
    m = sizes[0];
    n = sizes[1];
    k = sizes[2];
    a = filled(m * k);
    b = filled(k * n);
    c = new float[m * n];
  }

  private static float[] filled(int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (i % 7 - 3) / 8f;
    }
    return values;
  }

  /** One product. */
  @Benchmark
  public float[] multiply() {
    Mkl.gemm('N', 'N', m, n, k, 1f, a, 0, m, b, 0, k, 0f, c, 0, m);
    return c;
  }
}
