package io.tagloom.export;

import io.tagloom.export.ann.VectorFiles;
import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.export.tables.Gates;
import io.tagloom.export.tables.TableFiles;
import io.tagloom.export.tables.TableKind;
import io.tagloom.export.tables.TableReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The ann_vectors of a version as plain files: {@code vectors/SIDE-TASK.fvecs} or {@code .npy} with
 * {@code .names} beside, one line a vector.
 */
final class AnnFiles {
  private final TablePlan tables;

  AnnFiles(TablePlan tables) {
    this.tables = tables;
  }

  /** Writes the files of every side and task in the given formats. */
  void write(List<ScoredTask> tasks, int outputDim, List<String> formats) throws IOException {
    for (TableKind kind : new TableKind[] {TableKind.TAG_GATES, TableKind.ITEM_GATES}) {
      TableFiles files = new TableFiles(tables.configuration(), tables.folder(), kind);
      long keys = files.rows() / tasks.size();
      for (ScoredTask task : tasks) {
        String side = kind == TableKind.TAG_GATES ? "tags" : "items";
        String name = "vectors/" + side + "-" + task.name();
        int dimension = task.kernelCount() * outputDim;
        if (formats.contains("fvecs")) {
          save(
              name + ".fvecs",
              out -> VectorFiles.writeFvecs(out, () -> rows(files, task.name(), Gates::annVector)));
        }
        if (formats.contains("npy")) {
          save(
              name + ".npy",
              out ->
                  VectorFiles.writeNpy(
                      out, () -> rows(files, task.name(), Gates::annVector), keys, dimension));
        }
        save(
            name + ".names",
            out -> VectorFiles.writeNames(out, () -> rows(files, task.name(), Gates::key)));
      }
    }
  }

  private void save(String name, Save save) throws IOException {
    Path target = new Path(tables.folder(), name);
    FileSystem fs = target.getFileSystem(tables.configuration());
    try (OutputStream out = fs.create(target, true)) {
      save.to(out);
    }
  }

  private <T> Iterator<T> rows(TableFiles files, String task, Function<Gates, T> part) {
    try {
      return new Rows<>(TableReader.gates(tables.configuration(), files.list()), task, part);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Save {
    void to(OutputStream out) throws IOException;
  }

  /** A part of the rows of one task. */
  private static final class Rows<T> implements Iterator<T> {
    private final TableReader<Gates> reader;
    private final String task;
    private final Function<Gates, T> part;
    private Optional<Gates> next;

    Rows(TableReader<Gates> reader, String task, Function<Gates, T> part) throws IOException {
      this.reader = reader;
      this.task = task;
      this.part = part;
      this.next = advance();
    }

    private Optional<Gates> advance() throws IOException {
      Optional<Gates> row = reader.next();
      while (row.isPresent() && !row.get().task().equals(task)) {
        row = reader.next();
      }
      if (!row.isPresent()) {
        reader.close();
      }
      return row;
    }

    @Override
    public boolean hasNext() {
      return next.isPresent();
    }

    @Override
    public T next() {
      T value = part.apply(next.orElseThrow(NoSuchElementException::new));
      try {
        next = advance();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return value;
    }
  }
}
