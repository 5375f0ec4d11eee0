package io.tagloom.training.bigdl;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.rdd.RDD;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/** Runs one task per partition, all at the same time, so that they can wait for one another. */
public final class BarrierStage {
  private BarrierStage() {}

  /**
   * Runs the work in one barrier stage.
   *
   * @param data one partition per task
   * @param work what a task makes of its partition
   * @return what the tasks have given back, in their order
   */
  public static <T, R extends Serializable> List<R> run(
      JavaRDD<T> data, FlatMapFunction<Iterator<T>, R> work) {
    ClassTag<R> tag = anyTag();
    RDD<R> results = data.rdd().barrier().mapPartitions(new Task<T, R>(work), false, tag);
    @SuppressWarnings("unchecked")
    List<R> list = (List<R>) (List<?>) Arrays.asList((Object[]) results.collect());
    return list;
  }

  /** Tasks that the cluster can run at the same time now. */
  public static int slots(org.apache.spark.SparkContext context) {
    return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static <R> ClassTag<R> anyTag() {
    return (ClassTag) ClassTag$.MODULE$.AnyRef();
  }

  private static final class Task<T, R>
      extends AbstractFunction1<scala.collection.Iterator<T>, scala.collection.Iterator<R>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    private final FlatMapFunction<Iterator<T>, R> work;

    Task(FlatMapFunction<Iterator<T>, R> work) {
      this.work = work;
    }

    @Override
    public scala.collection.Iterator<R> apply(scala.collection.Iterator<T> rows) {
      try {
        Iterator<R> results = work.call(JavaConverters.asJavaIterator(rows));
        return JavaConverters.asScalaIterator(results);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e.getMessage(), e);
      }
    }
  }
}
