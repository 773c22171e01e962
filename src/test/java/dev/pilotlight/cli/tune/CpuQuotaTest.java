package dev.pilotlight.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The quotas of groups, and the trial that proves one.
final class CpuQuotaTest {
  @TempDir private Path folder;

  @Test
  void aQuotaIsReadFromBothVersions() throws IOException {
    Path second = group("second");
    Path first = group("first");

    assertThat(CpuQuota.vcpus(new CgroupMounts.Parent(second, true))).isInfinite();
    Files.writeString(second.resolve("cpu.max"), "max 100000\n");
    assertThat(CpuQuota.vcpus(new CgroupMounts.Parent(second, true))).isInfinite();
    Files.writeString(second.resolve("cpu.max"), "150000 100000\n");
    assertThat(CpuQuota.vcpus(new CgroupMounts.Parent(second, true))).isEqualTo(1.5);
    Files.writeString(first.resolve("cpu.cfs_quota_us"), "-1\n");
    Files.writeString(first.resolve("cpu.cfs_period_us"), "20000\n");
    assertThat(CpuQuota.vcpus(new CgroupMounts.Parent(first, false))).isInfinite();
    Files.writeString(first.resolve("cpu.cfs_quota_us"), "5789\n");
    assertThat(CpuQuota.vcpus(new CgroupMounts.Parent(first, false))).isEqualTo(0.28945);
  }

  @Test
  void theLeastQuotaOfTheGroupsAboveCounts() throws IOException {
    Path outer = group("outer");
    Path inner = group("outer/inner");
    CgroupMounts.Parent own = new CgroupMounts.Parent(inner, true);

    assertThat(CpuQuota.least(List.of(own))).isInfinite();
    Files.writeString(inner.resolve("cpu.max"), "200000 100000");
    Files.writeString(outer.resolve("cpu.max"), "50000 100000");
    assertThat(CpuQuota.least(List.of(own))).isEqualTo(0.5);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aWayThatIgnoresItsQuotaIsAnObstacle() throws InterruptedException {
    List<String> obstacles = new ArrayList<>();

    assertThat(CpuLimits.survives(new Ignoring(), "systemd-run --user", obstacles)).isFalse();
    assertThat(obstacles)
        .containsExactly("systemd-run --user: it accepts a quota, but a trial had none");
  }

  @Test
  void aFractionOfAProcessorAndARefusedQuotaAreObstaclesOfTheirSize()
      throws IOException, InterruptedException {
    Path bootstrap = Files.writeString(folder.resolve("bootstrap"), "#!/bin/sh\n");
    assertThat(bootstrap.toFile().setExecutable(true)).isTrue();
    Workload workload = Requests.weighted("m", true, Weights.parse(Weights.DEFAULT), 1);
    Tuner tuner = new Tuner(folder, null, new Refusing(), 1.5);

    assertThat(tuner.obstacle(3_008))
        .isEqualTo("not measurable here: more than this machine's 1.5 vCPU");
    assertThat(tuner.obstacle(2_560)).isEmpty();
    assertThat(tuner.measure(2_560, workload, 1).obstacle())
        .isEqualTo("not measurable here: Invalid argument");
    tuner.deleteLog();
  }

  /// Fails as the kernel does for a quota over that of the group above.
  private record Refusing() implements CpuLimit {
    @Override
    public String description() {
      return "none";
    }

    @Override
    public boolean supports(int memoryMb) {
      return true;
    }

    @Override
    public List<String> wrap(int memoryMb, List<String> command) throws IOException {
      throw new IOException("Invalid argument");
    }
  }

  /// Accepts every size, and starts the command without a quota.
  private record Ignoring() implements CpuLimit {
    @Override
    public String description() {
      return "none";
    }

    @Override
    public boolean supports(int memoryMb) {
      return true;
    }

    @Override
    public List<String> wrap(int memoryMb, List<String> command) {
      return command;
    }
  }

  private Path group(String name) throws IOException {
    Path group = Files.createDirectories(folder.resolve(name));
    Files.writeString(group.resolve("cgroup.procs"), "");
    return group;
  }
}
