package io.tagloom.training.bigdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products beside plain loops, on both sides of the sizes at which they are cut into blocks. */
class MklTest {
  @ParameterizedTest
  @CsvSource({
    "64, 16, 5",
    "64, 17, 5",
    "63, 33, 5",
    "128, 40, 129",
    "128, 128, 20",
    "70, 1, 3",
    "300, 50, 300"
  })
  void productsAgreeWithPlainLoops(int m, int n, int k) {
    for (String turned : new String[] {"NN", "NT", "TN", "TT"}) {
      boolean left = turned.charAt(0) == 'T';
      boolean right = turned.charAt(1) == 'T';
      // Some rows more than needed between columns, and some numbers before the first.
      int lda = (left ? k : m) + 2;
      int ldb = (right ? n : k) + 1;
      int ldc = m + 3;
      float[] a = randoms(4 + lda * Math.max(m, k));
      float[] b = randoms(5 + ldb * Math.max(n, k));
      float[] c = randoms(6 + ldc * n);
      float[] before = c.clone();

      Mkl.gemm(
          turned.charAt(0), turned.charAt(1), m, n, k, 0.5f, a, 4, lda, b, 5, ldb, 2f, c, 6, ldc);

      for (int j = 0; j < n; j++) {
        for (int i = 0; i < m; i++) {
          double sum = 0;
          for (int p = 0; p < k; p++) {
            double x = a[4 + (left ? i * lda + p : p * lda + i)];
            sum += x * b[5 + (right ? p * ldb + j : j * ldb + p)];
          }
          int at = 6 + j * ldc + i;
          assertThat((double) c[at])
              .as("%s row %d, column %d", turned, i, j)
              .isCloseTo(0.5 * sum + 2 * before[at], within(1e-3));
        }
        for (int i = m; i < ldc; i++) {
          assertThat(c[6 + j * ldc + i]).isEqualTo(before[6 + j * ldc + i]);
        }
      }
    }
  }

  private static float[] randoms(int count) {
    Random random = new Random(count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() / 2;
    }
    return values;
  }
}
