package dev.pilotlight.cli.tune;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A group of Linux's cgroups with a quota of processor time, one for each process. It is removed
/// when its process has ended, and when this process ends.
final class CgroupLimit implements CpuLimit {
  private static final String NAME = "pilotlight-tune-";
  private static final String ENTER = "echo $$ > \"$0\" && exec \"$@\"";
  private static final int TRIES = 200;
  private static final int PAUSE_MS = 10;

  private final CgroupMounts.Parent parent;
  private final Thread onExit;
  private final boolean enabled;
  private volatile @Nullable Path group;
  private int count;
  private boolean closed;

  /// @throws IOException if the folder has no such controller, or this user may not use it
  CgroupLimit(CgroupMounts.Parent parent) throws IOException {
    this.parent = parent;
    this.enabled = parent.second() && enableCpu(parent.folder());
    this.onExit = Thread.ofPlatform().unstarted(this::end);
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  /// Lets the groups of a folder of v2 have quotas.
  ///
  /// @return whether that was necessary
  private static boolean enableCpu(Path folder) throws IOException {
    Path control = folder.resolve("cgroup.subtree_control");
    if (List.of(Files.readString(control).strip().split(" ", -1)).contains("cpu")) {
      return false;
    }
    Files.writeString(control, "+cpu");
    return true;
  }

  @Override
  public String description() {
    return "cgroup v%d quota of memory / %d vCPU in periods of %d ms"
        .formatted(parent.second() ? 2 : 1, Sizes.ONE_CPU_MB, PERIOD_MICROS / 1_000);
  }

  @Override
  public boolean supports(int memoryMb) {
    return true;
  }

  @Override
  public synchronized List<String> wrap(int memoryMb, List<String> command) throws IOException {
    if (closed) {
      throw new IOException("this command is ending");
    }
    long pid = ProcessHandle.current().pid();
    Path made = Files.createDirectory(parent.folder().resolve(NAME + pid + "-" + ++count));
    group = made;
    long quota = Sizes.quotaMicros(memoryMb, PERIOD_MICROS);
    if (parent.second()) {
      Files.writeString(made.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
    } else {
      Files.writeString(made.resolve("cpu.cfs_period_us"), Long.toString(PERIOD_MICROS));
      Files.writeString(made.resolve("cpu.cfs_quota_us"), Long.toString(quota));
    }
    List<String> wrapped =
        new ArrayList<>(List.of("/bin/sh", "-c", ENTER, made.resolve("cgroup.procs").toString()));
    wrapped.addAll(command);
    return wrapped;
  }

  @Override
  public synchronized void release() {
    Path used = group;
    group = null;
    if (used != null) {
      remove(used);
    }
  }

  /// A group is busy for a moment after its last process.
  private static void remove(Path group) {
    for (int i = 0; i < TRIES; i++) {
      try {
        if (!Files.exists(group)) {
          return;
        }
        Files.delete(group);
        return;
      } catch (IOException e) {
        try {
          TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  /// Ends the processes of the group, then removes it.
  private synchronized void end() {
    closed = true;
    Path used = group;
    if (used != null) {
      try {
        for (String pid : Files.readAllLines(used.resolve("cgroup.procs"))) {
          ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        }
      } catch (IOException e) {
        // it is gone
      }
    }
    release();
    if (enabled) {
      try {
        Files.writeString(parent.folder().resolve("cgroup.subtree_control"), "-cpu");
      } catch (IOException e) {
        // another group uses it now
      }
    }
  }

  @Override
  public void close() {
    end();
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // this process ends, and the hook has run
    }
  }
}
