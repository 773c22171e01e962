package dev.pilotlight.cli.tune;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Chooses how processes are limited on this machine: the first way that a trial process survives.
///
/// @param limit that was chosen
/// @param obstacles why better ways were not
public record CpuLimits(CpuLimit limit, List<String> obstacles) {
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
  private static final Path GROUPS = Path.of("/proc/self/cgroup");
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String ALLOWED = "Cpus_allowed_list:";
  private static final int TRIAL_SECONDS = 10;

  public CpuLimits {
    obstacles = List.copyOf(obstacles);
  }

  /// Tries the ways on this machine, the best one first.
  ///
  /// @throws IllegalStateException in one clear line if no way works
  public static CpuLimits find() throws IOException, InterruptedException {
    if (!Files.isReadable(MOUNTS)) {
      throw new IllegalStateException("tune needs Linux: the package runs on nothing else");
    }
    List<String> obstacles = new ArrayList<>();
    List<CgroupMounts.Parent> parents =
        CgroupMounts.parents(Files.readAllLines(MOUNTS), Files.readAllLines(GROUPS));
    for (CgroupMounts.Parent parent : parents) {
      try {
        CpuLimit limit = new CgroupLimit(parent);
        if (survives(limit, "cgroup " + parent.folder(), obstacles)) {
          return new CpuLimits(limit, obstacles);
        }
      } catch (IOException e) {
        obstacles.add("cgroup %s: %s".formatted(parent.folder(), e.getClass().getSimpleName()));
      }
    }
    if (parents.isEmpty()) {
      obstacles.add("cgroup: none has the controller cpu");
    }
    for (boolean user : new boolean[] {false, true}) {
      CpuLimit limit = new SystemdScope(user);
      if (survives(limit, "systemd-run" + (user ? " --user" : ""), obstacles)) {
        return new CpuLimits(limit, obstacles);
      }
    }
    CpuLimit cores = new WholeCores(allowed());
    if (survives(cores, "taskset", obstacles)) {
      return new CpuLimits(cores, obstacles);
    }
    throw new IllegalStateException(
        "this machine cannot limit a process: " + String.join("; ", obstacles));
  }

  private static List<Integer> allowed() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(ALLOWED))
        .findFirst()
        .map(line -> WholeCores.parse(line.substring(ALLOWED.length())))
        .orElse(List.of(0));
  }

  /// Whether a process ends well under the limit; if not, the limit is closed.
  private static boolean survives(CpuLimit limit, String name, List<String> obstacles)
      throws InterruptedException {
    String obstacle;
    try {
      Process process =
          new ProcessBuilder(limit.wrap(Sizes.ONE_CPU_MB, List.of("/bin/sh", "-c", ":")))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean ended = process.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS);
      if (ended && process.exitValue() == 0) {
        limit.release();
        return true;
      }
      process.destroyForcibly().waitFor();
      obstacle = ended ? "a trial ended with " + process.exitValue() : "a trial did not end";
    } catch (IOException e) {
      obstacle = "not allowed, or not there";
    }
    limit.close();
    obstacles.add(name + ": " + obstacle);
    return false;
  }
}
