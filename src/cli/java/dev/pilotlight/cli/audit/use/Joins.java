package dev.pilotlight.cli.audit.use;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Finds the name of an export that means a resource of a bill. Two ARNs must be equal. An ARN and
/// an id must have the same service and account, as far as both have one.
public final class Joins {
  private static final int ARN_PARTS = 6;
  private static final int SERVICE = 2;
  private static final int ACCOUNT = 4;

  private final Map<String, List<String>> byId = new HashMap<>();

  /// Takes the names of an export.
  ///
  /// @param names ARNs or ids
  public Joins(Collection<String> names) {
    for (String name : names) {
      byId.computeIfAbsent(Utilisation.id(name), _ -> new ArrayList<>(1)).add(name);
    }
  }

  /// The name of a resource.
  ///
  /// @param account of the bill, or empty
  /// @param service as the bill names it
  /// @param resource the bill's id or ARN
  public Optional<String> find(String account, String service, String resource) {
    if (resource.isEmpty() || byId.isEmpty()) {
      return Optional.empty();
    }
    return byId.getOrDefault(Utilisation.id(resource), List.of()).stream()
        .filter(name -> same(name, account, service, resource))
        .findFirst();
  }

  private static boolean same(String name, String account, String service, String resource) {
    if (name.equals(resource)) {
      return true;
    }
    if (!name.startsWith("arn:") || resource.startsWith("arn:")) {
      return !name.startsWith("arn:");
    }
    String[] parts = name.split(":", ARN_PARTS);
    if (parts.length < ARN_PARTS) {
      return false;
    }
    boolean sameAccount =
        account.isEmpty() || parts[ACCOUNT].isEmpty() || account.equals(parts[ACCOUNT]);
    return sameAccount && bills(service, parts[SERVICE]);
  }

  // ids of EC2 are unique, and other services bill its transfer and metrics with them
  private static boolean bills(String service, String ofArn) {
    String text = service.toLowerCase(Locale.ROOT).replace(" ", "");
    return switch (ofArn) {
      case "ec2" -> !text.contains("s3") && !text.contains("simplestorage");
      case "s3" -> text.contains("s3") || text.contains("simplestorage");
      case "rds" -> text.contains("rds") || text.contains("relational");
      case "elasticloadbalancing" ->
          text.contains("elb") || text.contains("loadbalanc") || text.contains("ec2");
      case "elasticache", "sagemaker", "lambda", "dynamodb", "ecs", "eks" -> text.contains(ofArn);
      default -> text.contains(ofArn.replace("-", ""));
    };
  }
}
