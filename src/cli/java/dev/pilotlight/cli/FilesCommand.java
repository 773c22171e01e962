package dev.pilotlight.cli;

import dev.pilotlight.cli.aws.AwsCalls;
import dev.pilotlight.cli.aws.CallSigner;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.cli.files.FilesApi;
import dev.pilotlight.cli.page.ReportFile;
import dev.pilotlight.cli.replay.HttpTarget;
import dev.pilotlight.cli.replay.Malformed;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// `pilotlight files upload|list|content|delete`: files of OpenAI's files API.
@Command(
    name = "files",
    description = {
      "Uploads, lists, reads and deletes files of OpenAI's files API.",
      "",
      "An upload goes straight to S3, by a URL that the API signs. The API's limit is 200 MB a"
          + " file, unless its operator has changed PILOTLIGHT_FILE_BYTES_MAX.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Pilotlight.Version.class,
    synopsisSubcommandLabel = "(upload | list | content | delete)",
    footerHeading = "%nExamples:%n",
    footer = {
      "  pilotlight files upload requests.jsonl --url https://api.example.com --key-file key.txt",
      "  pilotlight files list --url https://id.execute-api.eu-west-1.amazonaws.com --iam",
      "  pilotlight files content file-1f… --url https://api.example.com > answers.jsonl"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done.",
      "1:Failed: the API or S3 refused the request or could not be reached.",
      "2:The command line is wrong."
    })
final class FilesCommand implements Runnable {
  private static final int INTERRUPTED = 130;
  private static final String LOCAL = "http://127.0.0.1:3000";
  private static final String ID = "The file's id, as files list prints it.";

  private final Terminal terminal;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  @Spec
  private CommandSpec spec;

  @Option(
      names = "--url",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = "The API, without /v1; default: the local runner, " + LOCAL + ".")
  private String url = LOCAL;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "A file whose first line is an API key; default: no key.")
  private @Nullable Path keyFile;

  @Option(
      names = "--iam",
      scope = ScopeType.INHERIT,
      description = {
        "Signs with your AWS credentials, for a stack with Auth=iam. The URL's host names the",
        "region; for your own domain, the environment or the profile does."
      })
  private boolean iam;

  FilesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /// The work of a command.
  private interface Work {
    void on(FilesApi api) throws Refused, InterruptedException, IOException;
  }

  /// Runs when no command is given.
  @Override
  public void run() {
    throw usage("Missing command");
  }

  @Command(name = "upload", description = "Uploads a file for a batch and prints its id.")
  int upload(
      @Parameters(paramLabel = "FILE", description = "A .jsonl file with one request per line.")
          Path file,
      @Option(
              names = "--expires-in-hours",
              paramLabel = "HOURS",
              description = "Hours until the file expires, 1 to 720; default: 30 days.")
          @Nullable Integer hours) {
    if (!Files.isRegularFile(file)) {
      throw usage(file + " is not a file");
    }
    if (hours != null && (hours < 1 || hours > 720)) {
      throw usage("--expires-in-hours is %d; accepted: 1 to 720".formatted(hours));
    }
    return with(
        api -> {
          String name = String.valueOf(file.getFileName());
          Long seconds = hours == null ? null : hours * 3_600L;
          AtomicLong sent = new AtomicLong();
          double all = Math.max(1, Files.size(file));
          Map<String, Object> made;
          try (var _ =
              Progress.start(
                  spec.commandLine().getOut(),
                  terminal,
                  () -> bar(name, sent.get() / all),
                  Progress.FIRST_AFTER)) {
            made = api.upload(file, name, seconds, sent::set);
          }
          print(String.valueOf(made.get("id")));
        });
  }

  private static String bar(String name, double share) {
    int done = (int) (20 * share);
    return String.format(
        Locale.ROOT,
        "uploading %s [%s%s] %3.0f %%",
        Texts.oneLine(name),
        "#".repeat(done),
        ".".repeat(20 - done),
        100 * share);
  }

  @Command(name = "list", description = "Lists the files, newest first.")
  int list() {
    return with(
        api -> {
          for (Object file : api.list()) {
            if (file instanceof Map<?, ?> row) {
              print(
                  Texts.oneLine(
                      "%-37s %-12s %-9s %12s %s"
                          .formatted(
                              row.get("id"),
                              row.get("purpose"),
                              row.get("status"),
                              row.get("bytes"),
                              row.get("filename"))));
            }
          }
        });
  }

  @Command(name = "content", description = "Writes a file's bytes.")
  int content(
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Option(
              names = "--output",
              paramLabel = "FILE",
              description = "A file that must not exist; default: standard output.")
          @Nullable Path output) {
    if (output != null && Files.exists(output)) {
      throw usage(output + " exists");
    }
    String obstacle = ReportFile.obstacle(output);
    if (!obstacle.isEmpty()) {
      throw usage("--output is %s, %s".formatted(output, obstacle));
    }
    return with(
        api -> {
          try (InputStream bytes = api.content(id)) {
            if (output == null) {
              spec.commandLine().getOut().flush();
              bytes.transferTo(System.out);
              System.out.flush();
            } else {
              write(bytes, output);
            }
          }
        });
  }

  /// Writes a temporary file first and renames it, so that a failure leaves no partial file.
  private static void write(InputStream bytes, Path output) throws IOException {
    Path part = output.resolveSibling(output.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      var _ = Files.copy(bytes, part);
      var _ = Files.move(part, output);
    } finally {
      var _ = Files.deleteIfExists(part);
    }
  }

  @Command(name = "delete", description = "Deletes a file.")
  int delete(@Parameters(paramLabel = "ID", description = ID) String id) {
    return with(
        api -> {
          var _ = api.delete(id);
          print("deleted " + Texts.oneLine(id));
        });
  }

  private int with(Work work) {
    URI base = base();
    try (FilesApi api = new FilesApi(base, key(), signer(base))) {
      work.on(api);
      spec.commandLine().getOut().flush();
      return 0;
    } catch (Refused e) {
      return failed(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return failed(reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return INTERRUPTED;
    }
  }

  private URI base() {
    try {
      return HttpTarget.base(url);
    } catch (Malformed e) {
      throw usage("--url: " + e.getMessage());
    }
  }

  private @Nullable CallSigner signer(URI base) {
    if (!iam) {
      return null;
    }
    return CallSigner.ofProcess(base.getHost(), AwsCalls.regionOfProcess())
        .orElseThrow(() -> usage("--iam: set AWS_REGION"));
  }

  private String key() throws IOException {
    if (keyFile == null) {
      return "";
    }
    if (iam) {
      throw usage("--iam and --key-file: give one of them");
    }
    String first = Files.readString(keyFile).lines().findFirst().orElse("").strip();
    if (first.isEmpty() || first.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw usage(keyFile + " has no API key in its first line");
    }
    return first;
  }

  /// The message of a file-system exception is often just the path, so this names the problem.
  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "there is no file or folder " + missing.getFile();
      case AccessDeniedException denied -> "no access to " + denied.getFile();
      case FileAlreadyExistsException there -> there.getFile() + " exists";
      default -> Refused.reason(e);
    };
  }

  private int failed(String reason) {
    spec.commandLine().getErr().println("pilotlight: " + Texts.oneLine(reason));
    return 1;
  }

  private void print(String line) {
    spec.commandLine().getOut().println(line);
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
