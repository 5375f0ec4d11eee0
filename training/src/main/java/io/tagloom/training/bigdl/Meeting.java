package io.tagloom.training.bigdl;

import java.util.concurrent.TimeUnit;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.RequestMethod$;
import org.apache.spark.RequestToSync;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcTimeout;
import org.apache.spark.util.RpcUtils;
import scala.concurrent.duration.FiniteDuration;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Lets the tasks of one barrier stage wait for one another.
 *
 * <p>Since Spark 3.0 {@code BarrierTaskContext.barrier()} looks once a second whether all are
 * there, which a training step of milliseconds cannot wait for. This asks the same coordinator on
 * the driver the same question, and goes on when its answer arrives. A task that meets the others
 * here must not call {@code barrier()} as well: the coordinator numbers the meetings.
 */
public final class Meeting {
  /** The name under which Spark's driver answers. */
  private static final String COORDINATOR = "barrierSync";

  /**
   * Who fails to come is found by Spark, which then ends the stage; see spark.barrier.sync.timeout.
   */
  private static final RpcTimeout PATIENCE =
      new RpcTimeout(new FiniteDuration(365, TimeUnit.DAYS), "spark.barrier.sync.timeout");

  private final BarrierTaskContext task;
  private final RpcEndpointRef coordinator;
  private final int tasks;
  private int met;

  /** Meetings of the calling task with the others of its stage. */
  public Meeting(BarrierTaskContext task) {
    this.task = task;
    this.tasks = task.getTaskInfos().length;
    SparkEnv env = SparkEnv.get();
    this.coordinator = RpcUtils.makeDriverRef(COORDINATOR, env.conf(), env.rpcEnv());
  }

  /**
   * Waits until all tasks of the stage have come as often as this one. A task that waits here when
   * Spark kills its stage has to be interrupted.
   */
  public void meet() {
    ClassTag<String[]> answer = ClassTag$.MODULE$.apply(String[].class);
    coordinator.askSync(
        new RequestToSync(
            tasks,
            task.stageId(),
            task.stageAttemptNumber(),
            task.taskAttemptId(),
            met,
            task.partitionId(),
            "",
            RequestMethod$.MODULE$.BARRIER()),
        PATIENCE,
        answer);
    met++;
  }
}
