package dev.pilotlight.cli.tune;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Reads the quotas of processor time of Linux's cgroups.
final class CpuQuota {
  private static final String PROCESSES = "cgroup.procs";

  private CpuQuota() {}

  /// The vCPU that a group has by its own quota; infinite without one.
  static double vcpus(CgroupMounts.Parent group) {
    Path folder = group.folder();
    try {
      if (!group.second()) {
        String quota = Files.readString(folder.resolve("cpu.cfs_quota_us"));
        return ratio(quota.strip(), Files.readString(folder.resolve("cpu.cfs_period_us")).strip());
      }
      String[] fields = Files.readString(folder.resolve("cpu.max")).strip().split(" ", 2);
      return fields.length < 2 ? Double.POSITIVE_INFINITY : ratio(fields[0], fields[1]);
    } catch (IOException | NumberFormatException e) {
      return Double.POSITIVE_INFINITY;
    }
  }

  /// Without a quota, v1 has -1, and v2 the word max.
  private static double ratio(String quota, String period) {
    double vcpus =
        quota.equals("max") ? -1 : (double) Long.parseLong(quota) / Long.parseLong(period);
    return vcpus > 0 ? vcpus : Double.POSITIVE_INFINITY;
  }

  /// The least quota of the groups and of those above them; infinite without one.
  static double least(List<CgroupMounts.Parent> groups) {
    double least = Double.POSITIVE_INFINITY;
    for (CgroupMounts.Parent group : groups) {
      Path folder = group.folder();
      while (folder != null && Files.exists(folder.resolve(PROCESSES))) {
        least = Math.min(least, vcpus(new CgroupMounts.Parent(folder, group.second())));
        folder = folder.getParent();
      }
    }
    return least;
  }
}
