package io.tagloom.training.bigdl;

import com.intel.analytics.bigdl.parameters.AllReduceParameter;
import com.intel.analytics.bigdl.parameters.AllReduceParameter$;
import com.intel.analytics.bigdl.tensor.Tensor;
import com.intel.analytics.bigdl.utils.Engine$;
import java.io.Serializable;
import org.apache.spark.BarrierTaskContext;

/**
 * The sum of the workers' dense gradients, and the exchange of the weights after the update:
 * BigDL's all-reduce on Spark's block manager.
 *
 * <p>Made on the driver and sent to the tasks of one barrier stage; every worker owns an equal
 * slice of the weights. Within a step each worker calls {@link #sum}, updates its slice of {@link
 * #weights()} and calls {@link #share}. Workers add the gradients in their order, so that the sum
 * does not depend on who comes first.
 */
public final class AllReduce implements Serializable {
  private static final long serialVersionUID = 1L;

  private final AllReduceParameter<Object> parameter;
  private final int workers;
  private final int size;
  private transient int from;
  private transient int length;
  private transient float[] weights;
  private transient float[] gradients;

  /**
   * For a number of weights.
   *
   * @param workers tasks of the barrier stage, 2 or more
   * @param size number of weights
   * @param compression {@code none} keeps 32-bit floats, {@code fp16} cuts all that is sent to the
   *     upper 16 bits
   */
  public AllReduce(int workers, int size, String compression) {
    this.workers = workers;
    this.size = size;
    this.parameter =
        AllReduceParameter$.MODULE$.newParameter(
            workers, size, 1, compression, FloatTensors.TAG, FloatTensors.NUMERIC);
  }

  /**
   * Makes this task ready; to be called once in each, before a barrier.
   *
   * @param start all weights, the same in each worker
   * @param threads threads that add gradients
   */
  public void start(float[] start, int threads) {
    Engine$.MODULE$.setNodeAndCore(workers, threads);
    parameter.init(FloatTensors.over(start), FloatTensors.NUMERIC);
    int worker = BarrierTaskContext.get().partitionId();
    int share = size / workers;
    int extra = size % workers;
    from = worker * share + Math.min(worker, extra);
    length = share + (worker < extra ? 1 : 0);
    weights = FloatTensors.array(parameter.weightPartition());
    gradients = FloatTensors.array(parameter.gradientPartition());
  }

  /** First weight of this worker's slice. */
  public int from() {
    return from;
  }

  /** Number of weights in this worker's slice. */
  public int length() {
    return length;
  }

  /** The weights of this worker's slice, to be updated in place. */
  public float[] weights() {
    return weights;
  }

  /** Sums of the gradients of this worker's slice, after {@link #sum}. */
  public float[] gradients() {
    return gradients;
  }

  /** Offers this worker's gradients to the others; a barrier must follow. */
  public void offer(float[] all) {
    parameter.putGradients(FloatTensors.over(all));
  }

  /** Adds up the slices that the workers have offered for this worker. */
  public void sum() {
    parameter.aggregateGradientPartition(1);
  }

  /** Offers the updated slice to the others; a barrier must follow. */
  public void share() {
    parameter.sendWeightPartition();
  }

  /** Reads all slices. */
  public void read(float[] into) {
    Tensor<Object> target = FloatTensors.over(into);
    parameter.getWeights(target).waitResult();
  }
}
