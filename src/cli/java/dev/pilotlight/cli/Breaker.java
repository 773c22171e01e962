package dev.pilotlight.cli;

import dev.pilotlight.cli.aws.Aws;
import dev.pilotlight.cli.breaker.Gate;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.cli.breaker.StackBreaker;
import dev.pilotlight.model.format.LoadFailure;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// `pilotlight breaker status|reset STACK`: the breaker that closes an API that costs too much.
@Command(
    name = "breaker",
    description = {
      "Shows whether the breaker has closed a stack's API, and opens the API again.",
      "",
      "Asks AWS with the credentials and the region of the environment or the profile.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Pilotlight.Version.class,
    synopsisSubcommandLabel = "(status | reset)",
    footerHeading = "%nExamples:%n",
    footer = {"  pilotlight breaker status pilotlight", "  pilotlight breaker reset pilotlight"},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:The API is open.",
      "1:The API is closed, or AWS refused a call.",
      "2:The command line is wrong."
    })
final class Breaker implements Runnable {
  private final Supplier<Aws> aws;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  @Spec
  private CommandSpec spec;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      scope = ScopeType.INHERIT,
      description = "The stack's region; default: that of the environment.")
  private @Nullable String region;

  Breaker(Supplier<Aws> aws) {
    this.aws = aws;
  }

  /// Runs when neither command is given.
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  /// The work of a command on a stack's breaker.
  private interface Work {
    int on(StackBreaker breaker) throws Refused;
  }

  @Command(name = "status", description = "Shows whether the API is open, and the alarm's state.")
  int status(@Parameters(paramLabel = "STACK", description = "The stack's name.") String stack) {
    return with(
        stack,
        breaker -> {
          Gate.State state = breaker.gate().state();
          Optional<String> alarm = breaker.alarm();
          state.lines().forEach(this::print);
          print(
              alarm
                  .map(each -> alarm(each, breaker.usdPerHour()))
                  .orElse("no breaker: BreakerUsdPerHour is 0"));
          return state.isClosed() ? 1 : 0;
        });
  }

  @Command(
      name = "reset",
      description =
          "Opens the API: its stage gets ThrottleRate and ThrottleBurst of the stack, or its"
              + " function ReservedConcurrency and the provisioned environments. Refused while the"
              + " alarm is on, because the breaker acts only when the alarm goes on again.")
  int reset(
      @Parameters(paramLabel = "STACK", description = "The stack's name.") String stack,
      @Option(
              names = "--now",
              description =
                  "Opens the API while the alarm is on, without a breaker until it is off.")
          boolean now) {
    return with(
        stack,
        breaker -> {
          if (!now && breaker.isOn()) {
            throw new Refused(
                ("not opened: the last hour cost more than %s USD, and nothing would close the API"
                        + " again before the alarm is off, up to an hour after the costs have"
                        + " ended; --now opens it without a breaker")
                    .formatted(breaker.usdPerHour()));
          }
          breaker.gate().open();
          if (!now) {
            breaker.closeIfOn();
          }
          Gate.State state = breaker.gate().state();
          if (state.isClosed()) {
            throw new Refused("the API is still closed; " + breaker.gate().chosen());
          }
          state.lines().forEach(this::print);
          if (now && breaker.isOn()) {
            print("the alarm is on: until it is off, nothing closes the API again");
          }
          return 0;
        });
  }

  private static String alarm(String state, String usdPerHour) {
    String meaning =
        state.equals(StackBreaker.ON) ? "the last hour cost more" : "the last hour did not";
    return "alarm %s: closes at more than %s USD an hour; %s"
        .formatted(state, usdPerHour, state.equals("INSUFFICIENT_DATA") ? "no data yet" : meaning);
  }

  private int with(String stack, Work work) {
    try {
      Aws process = aws.get();
      String here =
          Optional.ofNullable(region)
              .or(process::region)
              .orElseThrow(() -> new Refused("no region: set AWS_REGION, or --region"));
      return work.on(StackBreaker.of(process.calls(), here, stack));
    } catch (Refused e) {
      return failed(String.valueOf(e.getMessage()));
    } catch (LoadFailure e) {
      return failed(e.reason());
    }
  }

  private int failed(String reason) {
    spec.commandLine().getErr().println("pilotlight: " + Texts.oneLine(reason));
    return 1;
  }

  private void print(String line) {
    spec.commandLine().getOut().println(line);
  }
}
