package dev.pilotlight.pack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.util.Set;

/// Loads chosen classes as they ship, and all others as they were compiled.
final class ShippedClasses extends ClassLoader {
  private final Set<String> chosen;

  /// @param chosen names with dots
  ShippedClasses(Set<String> chosen) {
    super(ShippedClasses.class.getClassLoader());
    this.chosen = chosen;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!chosen.contains(name)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? shipped(name) : loaded;
    }
  }

  private Class<?> shipped(String name) throws ClassNotFoundException {
    String entry = name.replace('.', '/') + ".class";
    try (InputStream in = getResourceAsStream(entry)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] content = Application.contentToShip(ClassFile.of(), entry, in.readAllBytes());
      return defineClass(name, content, 0, content.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
