package dev.pilotlight.tidy;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// One Java file as the compiler's parser sees it: comments and strings do not count.
///
/// @param topLevelClasses simple names of what the file declares
/// @param names every simple name that its code uses
/// @param methodLines lines of each method with a body, by name and line
/// @param tests names of the methods with an annotation like `@Test`
/// @param summaries Javadoc of each top-level or public type, empty if it has none
record Source(
    Set<String> topLevelClasses,
    Set<String> names,
    Map<String, Long> methodLines,
    Set<String> tests,
    Map<String, String> summaries) {

  private static final Map<String, Source> PARSED = new ConcurrentHashMap<>();

  /// Parses all files at once, which is what makes it quick, and each text only once.
  ///
  /// @param files text by path
  static Map<String, Source> parse(Map<String, String> files) {
    Set<String> others = new LinkedHashSet<>(files.values());
    others.removeAll(PARSED.keySet());
    if (!others.isEmpty()) {
      parse(List.copyOf(others));
    }
    Map<String, Source> sources = new TreeMap<>();
    files.forEach((path, text) -> sources.put(path, Objects.requireNonNull(PARSED.get(text))));
    return sources;
  }

  private static void parse(List<String> files) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<InMemory> texts = files.stream().map(InMemory::new).toList();
    List<String> options = List.of("-proc:none", "-classpath", "");
    var task = (JavacTask) compiler.getTask(null, null, null, options, null, texts);
    try {
      Iterator<String> text = files.iterator();
      for (CompilationUnitTree unit : task.parse()) {
        PARSED.put(text.next(), of(unit, DocTrees.instance(task)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Source of(CompilationUnitTree unit, DocTrees trees) {
    Set<String> classes = new TreeSet<>();
    for (Tree declared : unit.getTypeDecls()) {
      if (declared instanceof ClassTree type) {
        classes.add(type.getSimpleName().toString());
      }
    }
    Source source =
        new Source(classes, new TreeSet<>(), new TreeMap<>(), new TreeSet<>(), new TreeMap<>());
    source.new Scanner(unit, trees).scan(unit, null);
    return source;
  }

  private final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final CompilationUnitTree unit;
    private final DocTrees trees;
    private final SourcePositions positions;

    Scanner(CompilationUnitTree unit, DocTrees trees) {
      this.unit = unit;
      this.trees = trees;
      this.positions = trees.getSourcePositions();
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void none) {
      String name = type.getSimpleName().toString();
      boolean isPublic = type.getModifiers().getFlags().contains(Modifier.PUBLIC);
      if (isPublic || topLevelClasses.contains(name)) {
        String comment = trees.getDocComment(getCurrentPath());
        summaries.put(name, comment == null ? "" : comment);
      }
      return super.visitClass(type, null);
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
      long first = line(positions.getStartPosition(unit, method));
      long last = line(positions.getEndPosition(unit, method));
      methodLines.put(method.getName() + " in line " + first, last - first + 1);
      if (method.getModifiers().getAnnotations().stream()
          .anyMatch(annotation -> annotation.getAnnotationType().toString().endsWith("Test"))) {
        tests.add(method.getName().toString());
      }
      return super.visitMethod(method, null);
    }

    @Override
    public @Nullable Void visitIdentifier(IdentifierTree name, @Nullable Void none) {
      names.add(name.getName().toString());
      return super.visitIdentifier(name, null);
    }

    @Override
    public @Nullable Void visitMemberSelect(MemberSelectTree name, @Nullable Void none) {
      names.add(name.getIdentifier().toString());
      return super.visitMemberSelect(name, null);
    }

    private long line(long position) {
      return unit.getLineMap().getLineNumber(position);
    }
  }

  private static final class InMemory extends SimpleJavaFileObject {
    private final String text;

    InMemory(String text) {
      super(URI.create("string:///Source.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
