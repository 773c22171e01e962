package dev.pilotlight.pack.confine;

import java.util.Arrays;

/// The system calls that matter here, by their numbers on Lambda's two architectures.
enum SystemCall {
  // with which the confinement is put up
  IOCTL(16, 29),
  PRCTL(157, 167),
  SECCOMP(317, 277),
  LANDLOCK_CREATE_RULESET(444, 444),
  LANDLOCK_ADD_RULE(445, 445),
  LANDLOCK_RESTRICT_SELF(446, 446),

  // with which a test sends
  SOCKET(41, 198),

  // which it looks at
  CLONE(56, 220),
  FORK(57, SystemCall.NONE),
  VFORK(58, SystemCall.NONE),
  EXECVE(59, 221),
  EXECVEAT(322, 281),
  CONNECT(42, 203),
  BIND(49, 200),
  SENDTO(44, 206),
  SENDMSG(46, 211),
  SENDMMSG(307, 269),
  OPEN(2, SystemCall.NONE),
  CREAT(85, SystemCall.NONE),
  OPENAT(257, 56),
  MKDIR(83, SystemCall.NONE),
  MKDIRAT(258, 34),

  // which it hides: their arguments lie in memory, and everyone can do without
  CLONE3(435, 435),
  OPENAT2(437, 437),
  IO_URING_SETUP(425, 425);

  static final int NONE = -1;
  static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

  private final int x86;
  private final int arm;

  SystemCall(int x86, int arm) {
    this.x86 = x86;
    this.arm = arm;
  }

  /// [#NONE] if this architecture does not have it.
  int number() {
    return ARM ? arm : x86;
  }

  static SystemCall of(int number) {
    return Arrays.stream(values())
        .filter(call -> call.number() == number)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not looked at: " + number));
  }
}
