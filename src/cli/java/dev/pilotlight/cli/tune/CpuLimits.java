package dev.pilotlight.cli.tune;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Chooses how processes are limited on this machine: the first way whose trial process has its
/// limit.
///
/// @param limit that was chosen
/// @param obstacles why better ways were not
public record CpuLimits(CpuLimit limit, List<String> obstacles) {
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
  private static final Path GROUPS = Path.of("/proc/self/cgroup");
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String ALLOWED = "Cpus_allowed_list:";
  private static final int TRIAL_SECONDS = 10;
  private static final int POLL_MS = 5;

  /// Waits until its group has been read.
  private static final String TRIAL = "echo; read _; exit 0";

  /// systemd's quota has one decimal.
  private static final double ROUNDING = 0.02;

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

  /// Whether a trial process has the limit; if not, the limit is closed.
  static boolean survives(CpuLimit limit, String name, List<String> obstacles)
      throws InterruptedException {
    String obstacle;
    try {
      obstacle = trial(limit);
    } catch (IOException e) {
      obstacle = "not allowed, or not there";
    }
    if (obstacle.isEmpty()) {
      limit.release();
      return true;
    }
    limit.close();
    obstacles.add(name + ": " + obstacle);
    return false;
  }

  /// Why a trial process does not have the limit; empty if it has. A service manager may accept a
  /// quota and ignore it, so the trial's group must show it.
  private static String trial(CpuLimit limit) throws IOException, InterruptedException {
    int memoryMb = limit.supports(Sizes.MIN_MB) ? Sizes.MIN_MB : Sizes.ONE_CPU_MB;
    Process process =
        new ProcessBuilder(limit.wrap(memoryMb, List.of("/bin/sh", "-c", TRIAL)))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      long begun = System.nanoTime();
      while (process.getInputStream().available() == 0) {
        if (process.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
          return "a trial ended with " + process.exitValue();
        }
        if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(TRIAL_SECONDS)) {
          return "a trial did not begin";
        }
      }
      if (memoryMb < Sizes.ONE_CPU_MB && !hasQuota(process.pid(), Sizes.vcpus(memoryMb))) {
        return "it accepts a quota, but a trial had none";
      }
      process.getOutputStream().close();
      boolean ended = process.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        return "a trial did not end";
      }
      return process.exitValue() == 0 ? "" : "a trial ended with " + process.exitValue();
    } finally {
      var _ = process.destroyForcibly().waitFor();
    }
  }

  private static boolean hasQuota(long pid, double vcpus) throws IOException {
    List<String> groups = Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"));
    return CgroupMounts.parents(Files.readAllLines(MOUNTS), groups).stream()
        .anyMatch(group -> Math.abs(CpuQuota.vcpus(group) / vcpus - 1) < ROUNDING);
  }

  /// The vCPU that this process may use: those of the machine, or a container's part of them.
  public static double processors() throws IOException {
    int whole = Runtime.getRuntime().availableProcessors();
    if (!Files.isReadable(MOUNTS)) {
      return whole;
    }
    return Math.min(
        whole,
        CpuQuota.least(
            CgroupMounts.parents(Files.readAllLines(MOUNTS), Files.readAllLines(GROUPS))));
  }
}
