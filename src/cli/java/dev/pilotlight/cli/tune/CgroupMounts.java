package dev.pilotlight.cli.tune;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Finds the folders of the `cpu` controller in which this process may make groups.
final class CgroupMounts {
  private static final int ROOT = 3;
  private static final int MOUNT_POINT = 4;
  private static final int GROUP_FIELDS = 3;

  /// A folder in which a group may be made.
  ///
  /// @param second whether it is of cgroup v2
  record Parent(Path folder, boolean second) {}

  private CgroupMounts() {}

  /// The candidates, the best one first: v1's own group, v2's own group, and its parent, which may
  /// hold groups although it holds no processes.
  ///
  /// @param mounts lines of `/proc/self/mountinfo`
  /// @param groups lines of `/proc/self/cgroup`
  static List<Parent> parents(List<String> mounts, List<String> groups) {
    List<Parent> first = new ArrayList<>();
    List<Parent> second = new ArrayList<>();
    for (String line : mounts) {
      int dash = line.indexOf(" - ");
      if (dash < 0) {
        continue;
      }
      String[] before = line.substring(0, dash).split(" ", -1);
      String[] after = line.substring(dash + 3).split(" ", -1);
      if (before.length <= MOUNT_POINT) {
        continue;
      }
      if (after[0].equals("cgroup") && hasCpu(after[after.length - 1])) {
        first.add(new Parent(own(before, path(groups, "cpu")), false));
      } else if (after[0].equals("cgroup2")) {
        Path mount = Path.of(before[MOUNT_POINT]);
        Path own = own(before, path(groups, ""));
        second.add(new Parent(own, true));
        Path parent = own.getParent();
        if (parent != null && parent.startsWith(mount)) {
          second.add(new Parent(parent, true));
        }
      }
    }
    first.addAll(second);
    return first;
  }

  private static boolean hasCpu(String list) {
    return Arrays.asList(list.split(",", -1)).contains("cpu");
  }

  /// This process's group in a hierarchy.
  private static String path(List<String> groups, String controller) {
    for (String line : groups) {
      String[] fields = line.split(":", GROUP_FIELDS);
      boolean matches =
          fields.length == GROUP_FIELDS
              && (controller.isEmpty() ? fields[1].isEmpty() : hasCpu(fields[1]));
      if (matches) {
        return fields[2];
      }
    }
    return "/";
  }

  private static Path own(String[] mount, String group) {
    String root = mount[ROOT];
    String within =
        group.startsWith(root) && !root.equals("/") ? group.substring(root.length()) : group;
    String relative = within.startsWith("/") ? within.substring(1) : within;
    // a group outside of what is mounted
    boolean outside = relative.startsWith("..");
    return outside ? Path.of(mount[MOUNT_POINT]) : Path.of(mount[MOUNT_POINT], relative);
  }
}
