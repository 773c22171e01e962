package dev.pilotlight.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pilotlight breaker status|reset STACK`: the breaker that closes an API that costs too much.
@Command(
    name = "breaker",
    description = {
      "Shows whether the breaker has closed a stack's API, and opens the API again.",
      "",
      "Uses the AWS CLI, with its credentials and region.",
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
  private static final String ON = "ALARM";

  private final AwsCli aws;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  @Spec
  private CommandSpec spec;

  Breaker(AwsCli aws) {
    this.aws = aws;
  }

  /// Runs when neither command is given.
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  /// The work of a command on a stack's breaker.
  private interface Work {
    int on(StackBreaker breaker) throws AwsCli.Failed, InterruptedException;
  }

  @Command(name = "status", description = "Shows whether the API is open, and the alarm's state.")
  int status(@Parameters(paramLabel = "STACK", description = "The stack's name.") String stack) {
    return with(
        stack,
        breaker -> {
          StackBreaker.Throttle throttle = breaker.throttle();
          Optional<String> alarm = breaker.alarm();
          print(
              throttle.isClosed()
                  ? "closed: the API answers 429"
                  : "open: %s requests a second, %s at once"
                      .formatted(throttle.rate(), throttle.burst()));
          print(
              alarm
                  .map(state -> alarm(state, breaker.usdPerHour()))
                  .orElse("no breaker: BreakerUsdPerHour is 0"));
          return throttle.isClosed() ? 1 : 0;
        });
  }

  @Command(
      name = "reset",
      description =
          "Opens the API: its stage gets ThrottleRate and ThrottleBurst of the stack. Refused while"
              + " the alarm is on, because the breaker acts only when the alarm goes on again.")
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
          boolean on = breaker.alarm().filter(ON::equals).isPresent();
          if (on && !now) {
            throw new AwsCli.Failed(
                ("not opened: the last hour cost more than %s USD, and nothing would close the API"
                        + " again before the alarm is off, up to an hour after the costs have"
                        + " ended; --now opens it without a breaker")
                    .formatted(breaker.usdPerHour()));
          }
          breaker.open();
          StackBreaker.Throttle throttle = breaker.throttle();
          if (throttle.isClosed()) {
            throw new AwsCli.Failed(
                "the API is still closed; ThrottleRate of the stack is " + breaker.chosen().rate());
          }
          print(
              "open: %s requests a second, %s at once"
                  .formatted(throttle.rate(), throttle.burst()));
          if (on) {
            print("the alarm is on: until it is off, nothing closes the API again");
          }
          return 0;
        });
  }

  private static String alarm(String state, String usdPerHour) {
    String meaning = state.equals(ON) ? "the last hour cost more" : "the last hour did not";
    return "alarm %s: closes at more than %s USD an hour; %s"
        .formatted(state, usdPerHour, state.equals("INSUFFICIENT_DATA") ? "no data yet" : meaning);
  }

  private int with(String stack, Work work) {
    try {
      return work.on(StackBreaker.of(aws, stack));
    } catch (AwsCli.Failed e) {
      spec.commandLine().getErr().println("pilotlight: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private void print(String line) {
    spec.commandLine().getOut().println(line);
  }
}
