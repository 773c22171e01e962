package dev.pilotlight.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.base.ParserBase;
import com.fasterxml.jackson.core.base.ParserMinimalBase;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LateDecimalsTest {
  private static final List<String> NUMBERS =
      List.of(
          "0.5",
          "-0.5",
          "2147483647.0",
          "2147483647.5",
          "2147483648.0",
          "-2147483648.0",
          "-2147483649.0",
          "9223372036854775807.0",
          "9223372036854775807.5",
          "9223372036854775808.0",
          "-9223372036854775808.0",
          "-9223372036854775809.0",
          "1e30",
          "-1e30",
          "7",
          "2147483648",
          "9223372036854775808");

  @Test
  void decimalsBecomeTheSameNumbers() throws Exception {
    Class<?> shipped = new ShippedClasses(jackson()).loadClass(JsonFactory.class.getName());

    for (String number : NUMBERS) {
      for (String conversion : List.of("getIntValue", "getLongValue")) {
        assertThat(converted(shipped, number, conversion))
            .as("%s of %s", conversion, number)
            .isEqualTo(converted(JsonFactory.class, number, conversion));
      }
    }
    assertThat(converted(shipped, "2147483647.0", "getIntValue")).isEqualTo("2147483647");
    assertThat(converted(shipped, "2147483648.0", "getIntValue")).contains("out of range of int");
  }

  @Test
  void constantsAreNotMade() throws Exception {
    ShippedClasses loader = new ShippedClasses(jackson());

    assertThat(constant(ParserMinimalBase.class)).isEqualTo(new BigDecimal(Long.MAX_VALUE));
    assertThat(constant(loader.loadClass(ParserMinimalBase.class.getName()))).isNull();
  }

  @Test
  void otherFormOfTheClassesEndsThePackaging() throws Exception {
    ClassFile format = ClassFile.of();
    byte[] other = bytesOf("JsonFactory.class");

    assertThatThrownBy(() -> LateDecimals.removeConstants(format, format.parse(other)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("other decimal constants");
    assertThatThrownBy(() -> LateDecimals.makeAtUse(format, format.parse(other)))
        .isInstanceOf(IllegalStateException.class);
  }

  private static byte[] bytesOf(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(JsonFactory.class.getResourceAsStream(name))) {
      return in.readAllBytes();
    }
  }

  private static Object constant(Class<?> type) throws Exception {
    Field field = type.getDeclaredField("BD_MAX_LONG");
    field.setAccessible(true);
    return field.get(null);
  }

  /// Reads a number as a decimal first: then a conversion compares decimals.
  private static String converted(Class<?> factory, String number, String conversion)
      throws Exception {
    Object parser =
        factory
            .getMethod("createParser", String.class)
            .invoke(factory.getConstructor().newInstance(), number);
    Class<?> type = parser.getClass();
    call(type, parser, "nextToken");
    call(type, parser, "getDecimalValue");
    try {
      return call(type, parser, conversion).toString();
    } catch (InvocationTargetException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      return cause.getClass().getName() + cause.getMessage();
    }
  }

  private static Object call(Class<?> type, Object parser, String name) throws Exception {
    Method method = type.getMethod(name);
    return Objects.requireNonNull(method.invoke(parser));
  }

  /// All classes of jackson-core, so that none of the changed ones is mixed with the original's.
  private static Set<String> jackson() throws Exception {
    Path jar =
        Path.of(JsonParser.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<String> names = new HashSet<>();
    try (FileSystem files = FileSystems.newFileSystem(jar);
        Stream<Path> all = Files.walk(files.getPath("/com/fasterxml"))) {
      all.map(Path::toString)
          .filter(name -> name.endsWith(".class"))
          .map(name -> name.substring(1, name.length() - ".class".length()).replace('/', '.'))
          .forEach(names::add);
    }
    assertThat(names).contains(ParserBase.class.getName());
    return names;
  }
}
