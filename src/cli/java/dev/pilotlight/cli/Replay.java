package dev.pilotlight.cli;

import dev.pilotlight.cli.page.ReportFile;
import dev.pilotlight.cli.replay.AnswerRules;
import dev.pilotlight.cli.replay.Campaign;
import dev.pilotlight.cli.replay.GivenHeaders;
import dev.pilotlight.cli.replay.HttpTarget;
import dev.pilotlight.cli.replay.Malformed;
import dev.pilotlight.cli.replay.ReplayJson;
import dev.pilotlight.cli.replay.ReplayPage;
import dev.pilotlight.cli.replay.ReplayReport;
import dev.pilotlight.cli.replay.ReplayText;
import dev.pilotlight.cli.replay.Schedule;
import dev.pilotlight.cli.replay.Traffic;
import dev.pilotlight.cli.replay.TrafficFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pilotlight replay`: sends recorded requests to a server, or compares two.
@Command(
    name = "replay",
    description = {
      "Sends the requests of a file to a server at a fixed rate, and reports latency, errors, cache"
          + " hits and cost. With --against it sends them to two servers and compares the answers.",
      "",
      "FILE has one JSON object a line: {\"method\": \"POST\", \"path\": \"/v1/embeddings\","
          + " \"headers\": {…}, \"body\": …}, or it is an access log of API Gateway, an ALB or"
          + " nginx.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Pilotlight.Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  pilotlight replay traffic.jsonl --url http://127.0.0.1:8080 --rate 50",
      "  pilotlight replay access.log --body body.json --url https://old.example.com"
          + " --against https://new.example.com --against-header x-api-key=NEW_KEY --html r.html"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done, and within the bounds.",
      "1:Failed: a file cannot be read or written.",
      "2:The command line or a file's content is wrong.",
      "3:More answers differ than --max-different allows, or could not be kept for their"
          + " comparison, or none was compared.",
      "4:More requests had no answer of 2xx than --max-errors allows."
    })
final class Replay implements Callable<Integer> {
  private static final double SECONDS_A_MONTH = 30 * 86_400;

  private final Terminal terminal;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  @Spec
  private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The requests, in the order they are sent.")
  private Path file = Path.of("");

  @Option(
      names = "--url",
      required = true,
      paramLabel = "URL",
      description = "The server; requests' paths are appended.")
  private String url = "";

  @Option(
      names = "--against",
      paramLabel = "URL",
      description = "A second server, whose answers are compared.")
  private @Nullable String against;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "auto",
      description = "Form of FILE: ${COMPLETION-CANDIDATES}; default: by its first line.")
  private TrafficFormat format = TrafficFormat.AUTO;

  @Option(
      names = "--body",
      paramLabel = "FILE",
      description =
          "The body of an access log's POST, PUT and PATCH requests; each line of a .jsonl in"
              + " turn.")
  private @Nullable Path body;

  @Option(
      names = "--methods",
      paramLabel = "METHODS",
      defaultValue = "GET,HEAD,POST",
      split = ",",
      description = "Requests with other methods are left out; default: ${DEFAULT-VALUE}.")
  private List<String> methods = List.of();

  @Mixin private ReplayLoad load = new ReplayLoad();

  @Option(
      names = "--header",
      paramLabel = "NAME=VARIABLE",
      description = "A header of --url's requests, from a variable of the environment; repeatable.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = "--headers",
      paramLabel = "FILE",
      description = "Headers of --url's requests: lines Name: value.")
  private @Nullable Path headerFile;

  @Option(
      names = "--against-header",
      paramLabel = "NAME=VARIABLE",
      description = "As --header, for --against.")
  private List<String> againstHeaders = new ArrayList<>();

  @Option(
      names = "--against-headers",
      paramLabel = "FILE",
      description = "As --headers, for --against.")
  private @Nullable Path againstHeaderFile;

  @Mixin private ReplayBounds bounds = new ReplayBounds();

  @Option(
      names = "--month-requests",
      paramLabel = "COUNT",
      description = "Requests a month, for its cost; default: 30 days at --rate.")
  private @Nullable Double monthRequests;

  @Option(
      names = "--old-usd-month",
      paramLabel = "USD",
      description = "Today's cost of a month, to subtract the new one from.")
  private @Nullable Double oldUsdMonth;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Writes the report as one HTML page, too.")
  private @Nullable Path html;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  Replay(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    try {
      return replay();
    } catch (Malformed e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private int replay() throws IOException, InterruptedException, Malformed {
    Path bodies = body;
    Traffic traffic =
        Traffic.read(
            file,
            format,
            bodies == null ? List.of() : Traffic.bodies(existing(bodies)),
            methods(),
            load.most());
    if (bodies != null && traffic.format() == TrafficFormat.REQUESTS) {
      throw usage("--body is for access logs; the lines of %s have bodies".formatted(file));
    }
    int requests = traffic.requests().size();
    Schedule schedule = load.schedule(spec, requests, against == null ? 1 : 2);
    AnswerRules rules = bounds.rules(spec);
    List<HttpTarget> targets = targets();
    Campaign.Outcome outcome;
    PrintWriter out = spec.commandLine().getOut();
    try (var _ = Progress.start(out, terminal, "replaying " + file, Progress.FIRST_AFTER)) {
      outcome = new Campaign(traffic.requests(), targets, schedule, load.inFlight()).run(rules);
    } finally {
      targets.forEach(HttpTarget::close);
    }
    Double month = monthRequests;
    report(
        new ReplayReport(
            String.valueOf(file.getFileName()),
            traffic,
            schedule,
            load.inFlight(),
            month == null ? schedule.rate() * SECONDS_A_MONTH : month,
            month == null,
            Optional.ofNullable(oldUsdMonth),
            outcome));
    return bounds.exitCode(outcome);
  }

  private Set<String> methods() {
    Set<String> chosen = new TreeSet<>();
    methods.forEach(method -> chosen.add(method.strip().toUpperCase(Locale.ROOT)));
    return chosen;
  }

  private void check() {
    require(Files.isRegularFile(file), file + " does not exist, or is not a file");
    String obstacle = ReportFile.obstacle(html);
    require(obstacle.isEmpty(), "--html is " + html + ", " + obstacle);
    require(
        monthRequests == null || monthRequests > 0,
        "--month-requests is " + monthRequests + "; accepted: above 0");
    require(
        oldUsdMonth == null || oldUsdMonth >= 0,
        "--old-usd-month is " + oldUsdMonth + "; accepted: 0 or more");
    require(
        against != null
            || (!load.sequential() && againstHeaders.isEmpty() && againstHeaderFile == null),
        "--sequential, --against-header and --against-headers need --against");
  }

  private List<HttpTarget> targets() throws IOException, Malformed {
    List<HttpTarget> targets = new ArrayList<>();
    targets.add(target(url, headers, headerFile));
    if (against != null) {
      targets.add(target(against, againstHeaders, againstHeaderFile));
    }
    return targets;
  }

  private HttpTarget target(String base, List<String> variables, @Nullable Path file)
      throws IOException, Malformed {
    GivenHeaders given = new GivenHeaders();
    if (file != null) {
      given.addFile(existing(file));
    }
    for (String variable : variables) {
      given.addVariable(variable, System::getenv);
    }
    return new HttpTarget(HttpTarget.base(base), given, load.timeout());
  }

  private void report(ReplayReport report) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(ReplayJson.render(report));
    } else {
      ReplayText.lines(report).forEach(line -> out.println(Texts.oneLine(line)));
    }
    if (html != null) {
      ReportFile.write(html, ReplayPage.render(report));
    }
    out.flush();
  }

  private Path existing(Path given) {
    require(Files.isRegularFile(given), given + " does not exist, or is not a file");
    return given;
  }

  private void require(boolean right, String message) {
    if (!right) {
      throw usage(message);
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
