package dev.pilotlight.costs;

import java.util.Map;

/// The costs of a preset's stack in a month, in USD, by the prices of prices.properties: us-east-1.
///
/// Traffic is taken as even over the month, every hit as one from Valkey (without it, from
/// DynamoDB), and the provisioned environments as busy as scaling aims at; what they do not take is
/// run on demand.
record Costs(Figures figures, StackFacts stack) {
  private static final double MB_PER_GB = 1_024;
  private static final double BYTES_PER_GB = 1e9;
  private static final double UNIT_BYTES = 1_024;
  private static final double HALF_UNIT = 0.5; // an eventually consistent read
  private static final double DAY_HOURS = 24;
  private static final double HOUR_SECONDS = 3_600;
  private static final double HOUR_MINUTES = 60;

  static Costs of(String preset) {
    return new Costs(Figures.load(), StackFacts.of(preset));
  }

  /// The costs of the same stack with other values of some parameters.
  Costs with(Map<String, String> values) {
    return new Costs(figures, stack.with(values));
  }

  /// @param hits the share of texts that are known, 0 to 1
  /// @param requests a month, of one text each
  Bill month(Durations durations, double hits, double requests) {
    double misses = requests * (1 - hits);
    return new Bill(
        lambda(durations, hits, requests),
        stack.behindApi() ? requests * figures.each("api-gateway.http.requests.million") : 0,
        dynamo(requests, misses),
        stack.cached() ? cache(requests - misses, misses) : 0,
        logs(requests),
        watching() + figures.of("metrics.series") * figures.of("cloudwatch.metric-month"),
        queues());
  }

  /// The costs of a month without any call: metrics that nobody writes are not billed.
  Bill idle() {
    double reserve = stack.provisioned() ? reserve(stack.number("ProvisionedMin")) : 0;
    return new Bill(reserve, 0, 0, stack.cached() ? cacheStorage(0) : 0, 0, watching(), queues());
  }

  /// The same, less what is free in an account that has nothing else.
  double idleInTheFreeTier() {
    double metrics = Math.min((double) stack.alarmMetrics(), figures.of("free.alarm-metrics"));
    boolean small = stack.dashboardMetrics() <= figures.of("free.dashboard-metrics");
    double polls = Math.min(polls(), figures.of("free.sqs.requests"));
    return idle().total()
        - metrics * figures.of("cloudwatch.alarm-metric-month")
        - (small ? dashboard() : 0)
        - polls * figures.each("sqs.requests.million");
  }

  double monthSeconds() {
    return figures.of("month.hours") * HOUR_SECONDS;
  }

  private double lambda(Durations durations, double hits, double requests) {
    double busy = requests * durations.meanSeconds(hits, stack.cached());
    double environments = stack.provisioned() ? environments(busy) : 0;
    double taken =
        Math.min(busy, environments * stack.number("ProvisionedUtilization") * monthSeconds());
    double demanded = busy - taken;
    double colds = busy == 0 ? 0 : requests * demanded / busy * figures.of("cold.share");
    return requests * figures.each("lambda.requests.million")
        + reserve(environments)
        + gigabytes() * taken * gbSecond("lambda.provisioned.duration.gb-second")
        + gigabytes()
            * (demanded + colds * durations.cold() / 1_000)
            * gbSecond("lambda.gb-second");
  }

  /// How many scaling keeps for so many busy seconds a month.
  private double environments(double busy) {
    double wanted = Math.ceil(busy / monthSeconds() / stack.number("ProvisionedUtilization"));
    return Math.clamp(wanted, stack.number("ProvisionedMin"), stack.number("ProvisionedMax"));
  }

  private double reserve(double environments) {
    return environments * gigabytes() * monthSeconds() * gbSecond("lambda.provisioned.gb-second");
  }

  private double gbSecond(String price) {
    return figures.of(price + "." + stack.processor());
  }

  private double gigabytes() {
    return stack.number("MemorySize") / MB_PER_GB;
  }

  /// Looking up a missing result costs as much as reading a small one. With a cache, DynamoDB is
  /// asked only for its misses.
  private double dynamo(double requests, double misses) {
    double reads = stack.cached() ? misses : requests;
    double item = figures.of("item.bytes");
    double storedGb =
        misses
            * item
            / BYTES_PER_GB
            * (figures.of("result.days") * DAY_HOURS / figures.of("month.hours"));
    return reads * HALF_UNIT * figures.each("dynamodb.read-units.million")
        + misses * Math.ceil(item / UNIT_BYTES) * figures.each("dynamodb.write-units.million")
        + storedGb
            * (figures.of("dynamodb.gb-month")
                + figures.of("dynamodb.point-in-time-recovery.gb-month"));
  }

  /// A unit for each look-up in vain, and one for each KB that is read or written.
  private double cache(double hits, double misses) {
    double kilobytes = figures.of("cached.bytes") / UNIT_BYTES;
    double units = hits * kilobytes + misses * (1 + kilobytes);
    double keptHours = stack.number("CacheTtl") / HOUR_SECONDS;
    double kept =
        misses * figures.of("cached.bytes") / BYTES_PER_GB * keptHours / figures.of("month.hours");
    return units * figures.each("elasticache.valkey-serverless.ecpu.million") + cacheStorage(kept);
  }

  private double cacheStorage(double gigabytes) {
    double billed =
        Math.clamp(
            gigabytes,
            figures.of("elasticache.valkey-serverless.gb-min"),
            stack.number("CacheStorageMax"));
    return billed * figures.of("month.hours") * figures.of("elasticache.valkey-serverless.gb-hour");
  }

  private double logs(double requests) {
    double access = stack.behindApi() ? accessLines(requests) : 0;
    return metricLines(requests) + access + requestLines(requests) + traces(requests);
  }

  double metricLines(double requests) {
    double bytes = figures.of("metrics.line.bytes") / figures.of("metrics.line.requests");
    return requests * bytes / BYTES_PER_GB * figures.of("cloudwatch.logs.gb");
  }

  /// The log lines about some of the requests.
  double requestLines(double requests) {
    double bytes = figures.of("request.line.bytes") / figures.of("request.line.one-in");
    return requests * bytes / BYTES_PER_GB * figures.of("cloudwatch.logs.gb");
  }

  double accessLines(double requests) {
    double bytes = figures.of("access.line.bytes");
    return requests * bytes / BYTES_PER_GB * figures.of("cloudwatch.logs.infrequent-access.gb");
  }

  /// Lambda has X-Ray sample only if it is asked to.
  private double traces(double requests) {
    if (!stack.traced()) {
      return 0;
    }
    double first = Math.min(requests, monthSeconds());
    double sampled = first + (requests - first) * figures.of("traces.share");
    return sampled * figures.each("xray.traces.million");
  }

  /// The costs that do not depend on traffic.
  private double watching() {
    return alarms() + incident() + dashboard() + key();
  }

  private double queues() {
    return polls() * figures.each("sqs.requests.million");
  }

  /// Requests with which Lambda polls the queues in a month, also while they are empty.
  private double polls() {
    return stack.polledQueues()
        * figures.of("sqs.idle.polls.minute")
        * HOUR_MINUTES
        * figures.of("month.hours");
  }

  double alarms() {
    return stack.alarmMetrics() * figures.of("cloudwatch.alarm-metric-month");
  }

  double incident() {
    return stack.resources("AWS::CloudWatch::CompositeAlarm")
        * figures.of("cloudwatch.composite-alarm-month");
  }

  double dashboard() {
    return stack.resources("AWS::CloudWatch::Dashboard") * figures.of("cloudwatch.dashboard-month");
  }

  double key() {
    return stack.resources("AWS::KMS::Key") * figures.of("kms.key-month");
  }
}
