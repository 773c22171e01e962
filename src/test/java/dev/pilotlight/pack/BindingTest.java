package dev.pilotlight.pack;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BindingTest {
  @TempDir private Path root;

  @BeforeEach
  void makeATrainedPackage() throws IOException {
    for (String name :
        new String[] {
          "bootstrap",
          "lib/pilotlight.jar",
          "jre/lib/modules",
          "jre/lib/server/libjvm.so",
          "pilotlight.aot"
        }) {
      Files.createDirectories(root.resolve(name).getParent());
      Files.writeString(root.resolve(name), "as it was");
    }
    Binding.write(root);
  }

  @Test
  void anUnchangedPackagePasses() {
    assertThatCode(() -> Binding.check(root)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bootstrap", "lib/pilotlight.jar", "jre/lib/modules", "pilotlight.aot"})
  void aFileChangedAfterTheTrainingIsReported(String name) throws IOException {
    Files.writeString(root.resolve(name), "changed");

    assertThatThrownBy(() -> Binding.check(root))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("changed after the AOT cache was made")
        .hasMessageEndingWith("[%s]".formatted(name));
  }
}
