package dev.pilotlight.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

final class DoorRoutesTest {
  private static final String PACKAGE = "dev.pilotlight.protocol.http.";
  private static final String STORED = PACKAGE + "DoorRoutes$Stored";

  @Test
  void requestAtADoorLoadsNoRoutesOfFiles() throws Exception {
    try (Loader loader = new Loader()) {
      loader.route("POST", "/rerank");
      assertThat(loader.loaded).contains(PACKAGE + "DoorRoutes").doesNotContain(STORED);
      loader.route("GET", "/v1/files");
      assertThat(loader.loaded).contains(STORED);
    }
  }

  /// Loads our classes once more, and remembers their names.
  private static final class Loader extends URLClassLoader {
    final Set<String> loaded = ConcurrentHashMap.newKeySet();

    Loader() throws IOException {
      super(classPath(), ClassLoader.getPlatformClassLoader());
    }

    void route(String method, String path) throws ReflectiveOperationException {
      Class<?> request = loadClass(PACKAGE + "HttpRequest");
      Object asked =
          request.getConstructors()[0].newInstance(
              method, path, Map.of(), Map.of(), new byte[0], true, Map.of(), "", "");
      var _ = loadClass(PACKAGE + "Router").getMethod("route", request).invoke(null, asked);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      loaded.add(name);
      return super.findClass(name);
    }

    private static URL[] classPath() throws IOException {
      List<URL> urls = new ArrayList<>();
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        urls.add(Path.of(entry).toUri().toURL());
      }
      return urls.toArray(URL[]::new);
    }
  }
}
