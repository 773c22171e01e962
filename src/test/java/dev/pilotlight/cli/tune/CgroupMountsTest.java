package dev.pilotlight.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Where groups may be made, by the forms of the kernel's files.
final class CgroupMountsTest {
  @Test
  void firstVersionWithSeveralControllers() {
    assertThat(
            parents(
                "33 25 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct\n"
                    + "34 25 0:30 / /sys/fs/cgroup/cpuset rw,nosuid - cgroup cgroup rw,cpuset",
                "4:cpuset:/other\n3:cpu,cpuacct:/user.slice\n0::/x"))
        .containsExactly("1 /sys/fs/cgroup/cpu,cpuacct/user.slice");
  }

  @Test
  void secondVersionWithTheOwnGroupAndItsParent() {
    assertThat(
            parents(
                "30 23 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate",
                "0::/user.slice/user-1000.slice/session.scope"))
        .containsExactly(
            "2 /sys/fs/cgroup/user.slice/user-1000.slice/session.scope",
            "2 /sys/fs/cgroup/user.slice/user-1000.slice");
  }

  @Test
  void theRootOfTheMountHasNoParent() {
    assertThat(parents("30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup rw", "0::/"))
        .containsExactly("2 /sys/fs/cgroup");
  }

  @Test
  void aContainersMountBeginsWithinTheHierarchy() {
    assertThat(
            parents(
                "30 23 0:26 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu",
                "2:cpu:/docker/abc/inner"))
        .containsExactly("1 /sys/fs/cgroup/cpu/inner");
    assertThat(parents("30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup rw", "0::/../elsewhere"))
        .containsExactly("2 /sys/fs/cgroup");
  }

  @Test
  void theFirstVersionComesFirstWhereBothAreMounted() {
    assertThat(
            parents(
                "42 31 0:39 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
                    + "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu",
                "1:cpu:/\n0::/"))
        .containsExactly("1 /sys/fs/cgroup/cpu", "2 /sys/fs/cgroup/unified");
  }

  @Test
  void otherMountsAndBrokenLinesAreIgnored() {
    assertThat(parents("1 2 3:4 / /proc rw - proc proc rw\nnothing\n - cgroup cpu", "")).isEmpty();
  }

  private static List<String> parents(String mounts, String groups) {
    return CgroupMounts.parents(mounts.lines().toList(), groups.lines().toList()).stream()
        .map(parent -> (parent.second() ? "2 " : "1 ") + parent.folder())
        .toList();
  }
}
