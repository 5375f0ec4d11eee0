package io.tagloom.export.scoring;

/** Choosing an order statistic without sorting all. */
final class Selection {
  private Selection() {}

  /** The n-th largest (1-based) of the first {@code count} values, which are reordered. */
  static float nthLargest(float[] values, int count, int n) {
    int low = 0;
    int high = count - 1;
    int target = n - 1;
    while (low < high) {
      float pivot = median(values[low], values[(low + high) >>> 1], values[high]);
      int i = low;
      int j = high;
      while (i <= j) {
        while (values[i] > pivot) {
          i++;
        }
        while (values[j] < pivot) {
          j--;
        }
        if (i <= j) {
          float swap = values[i];
          values[i++] = values[j];
          values[j--] = swap;
        }
      }
      if (target <= j) {
        high = j;
      } else if (target >= i) {
        low = i;
      } else {
        return values[target];
      }
    }
    return values[target];
  }

  private static float median(float a, float b, float c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
