package dev.pilotlight.pack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.App;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.CharBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PlainSwitchesTest {
  private static final String OURS = "dev/pilotlight/";

  /// Every kind of switch over types that javac compiles to one call.
  static final class Samples {
    private Samples() {}

    static String ofTypes(@Nullable Object it) {
      return switch (it) {
        case null -> "null";
        case Integer number when number > 9 -> "large";
        case Integer number when number < 0 -> "negative";
        case Integer _ -> "small";
        case String text when text.isEmpty() -> "empty";
        case CharSequence text -> "text " + text;
        case int[] numbers -> "numbers " + numbers.length;
        case List<?> list -> Inner.ofList(list);
        default -> "other";
      };
    }

    static String refusingNull(Object it) {
      return switch (it) {
        case Long _ -> "long";
        default -> "other";
      };
    }

    static String withConstants(Object it) {
      return switch ((String) it) {
        case String text when text.length() > 3 -> "long";
        case "one" -> "1";
        case String text -> "text " + text;
      };
    }
  }

  /// A switch in an interface, whose methods are called in another way.
  interface Inner {
    static String ofList(List<?> list) {
      return switch (list) {
        case ArrayList<?> _ -> "array";
        case RandomAccess _ -> "direct";
        default -> "list";
      };
    }
  }

  @Test
  @SuppressWarnings("JdkObsolete") // a list without direct access to its elements
  void plainSwitchChoosesAsJavasOwn() throws Exception {
    Class<?> plain =
        new ShippedClasses(Set.of(Samples.class.getName(), Inner.class.getName()))
            .loadClass(Samples.class.getName());
    @Nullable Object[] values = {
      null,
      5,
      10,
      -1,
      0,
      "",
      "a",
      "one",
      "more",
      CharBuffer.wrap("b"),
      new int[3],
      5L,
      'c',
      List.of(),
      new ArrayList<>(),
      new LinkedList<>(),
      new Object[0]
    };

    for (String name : List.of("ofTypes", "refusingNull", "withConstants")) {
      for (Object value : values) {
        assertThat(outcome(plain, name, value))
            .as("%s of %s", name, value)
            .isEqualTo(outcome(Samples.class, name, value));
      }
    }
    assertThat(outcome(plain, "ofTypes", null)).isEqualTo("null");
    assertThat(outcome(plain, "refusingNull", null)).contains("NullPointerException");
  }

  private static String outcome(Class<?> type, String name, @Nullable Object value)
      throws Exception {
    Method method = type.getDeclaredMethod(name, Object.class);
    method.setAccessible(true);
    try {
      return (String) method.invoke(null, value);
    } catch (InvocationTargetException e) {
      return Objects.requireNonNull(e.getCause()).toString();
    }
  }

  /// All classes of the application: none keeps such a switch, and Java accepts each.
  @Test
  void everyClassThatShipsIsValidAndHasNoSwitchToLink() throws Exception {
    ClassFile format = ClassFile.of();
    int changed = 0;
    for (Path file : classes()) {
      byte[] compiled = Files.readAllBytes(file);
      byte[] shipped = Application.contentToShip(format, OURS + file.getFileName(), compiled);
      assertThat(switches(format.parse(shipped))).as(file.toString()).isZero();
      assertThat(format.verify(shipped)).as(file.toString()).isEmpty();
      changed += Arrays.equals(compiled, shipped) ? 0 : 1;
      assertThat(switches(format.parse(compiled)) > 0).isEqualTo(!Arrays.equals(compiled, shipped));
    }
    assertThat(changed).isPositive();
  }

  private static List<Path> classes() throws IOException, URISyntaxException {
    Path root = Path.of(App.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(root.resolve(OURS))) {
      return files.filter(file -> file.toString().endsWith(".class")).toList();
    }
  }

  /// How many switches over types alone a class has.
  private static long switches(ClassModel model) {
    return model.methods().stream()
        .flatMap(method -> method.code().stream())
        .flatMap(CodeModel::elementStream)
        .filter(InvokeDynamicInstruction.class::isInstance)
        .map(InvokeDynamicInstruction.class::cast)
        .filter(call -> call.bootstrapMethod().owner().descriptorString().contains("SwitchBoots"))
        .filter(call -> call.bootstrapArgs().stream().allMatch(ClassDesc.class::isInstance))
        .count();
  }
}
