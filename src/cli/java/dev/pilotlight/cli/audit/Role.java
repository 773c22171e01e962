package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.Charge;
import dev.pilotlight.cli.audit.bill.Kind;

/// The part that usage plays in an architecture, by its service and usage type.
public enum Role {
  /// Hours of machines, which are billed whether they work or not.
  MACHINE,
  /// Hours of machines that serve a model in SageMaker.
  ENDPOINT,
  /// Compute that is billed by use: Lambda, Fargate, App Runner, serverless endpoints.
  BY_USE,
  /// Compute of jobs: training, processing, notebooks.
  JOB,
  DATABASE,
  DATABASE_DISK,
  DISK_GP2,
  DISK_GP3,
  DISK_OTHER,
  SNAPSHOT,
  /// S3 Standard.
  OBJECTS_STANDARD,
  /// S3 Intelligent-Tiering, or a colder class.
  OBJECTS_TIERED,
  /// S3 Express One Zone and Reduced Redundancy, which cost more.
  OBJECTS_OTHER,
  IDLE_ADDRESS,
  NAT_HOURS,
  NAT_BYTES,
  TRANSFER,
  OTHER;

  static Role of(Charge charge) {
    // a service's name alone does not show what of it is compute
    if (charge.kind() != Kind.USAGE || charge.usageType().isEmpty()) {
      return OTHER;
    }
    String type = charge.usageType();
    String service = charge.service();
    if (service.contains("SageMaker")) {
      return sageMaker(type);
    }
    // other services bill their surcharge with the same types
    if (has(service, "EC2", "Elastic Compute")
        && has(type, "BoxUsage", "SpotUsage", "DedicatedUsage", "HostUsage")) {
      return MACHINE;
    }
    if (byUse(service, type)) {
      return BY_USE;
    }
    if (has(type, "NatGateway-")) {
      return has(type, "NatGateway-Hours") ? NAT_HOURS : NAT_BYTES;
    }
    if (has(type, "DataTransfer", "-Out-Bytes", "-In-Bytes", "InterZone")) {
      return TRANSFER;
    }
    if (has(type, "IdleAddress")) {
      return IDLE_ADDRESS;
    }
    return storage(service, type);
  }

  private static boolean byUse(String service, String type) {
    if (has(service, "Lambda")) {
      return !has(type, "Provisioned-Concurrency");
    }
    return has(type, "Fargate-") || has(service, "AppRunner", "App Runner");
  }

  private static Role sageMaker(String type) {
    if (has(type, "ServerlessInf")) {
      return BY_USE;
    }
    if (has(type, "Host:", "Hosting", "Endpoint")) {
      return ENDPOINT;
    }
    return has(type, "Train", "Processing", "Notebk", "Notebook") ? JOB : OTHER;
  }

  private static Role storage(String service, String type) {
    if (has(type, "EBS:Volume")) {
      return type.endsWith(".gp2")
          ? DISK_GP2
          : type.endsWith("VolumeUsage.gp3") ? DISK_GP3 : disk(type);
    }
    if (has(type, "SnapshotUsage")) {
      return SNAPSHOT;
    }
    if (has(type, "TimedStorage-") && has(service, "S3", "Simple Storage")) {
      if (type.endsWith("TimedStorage-ByteHrs")) {
        return OBJECTS_STANDARD;
      }
      return has(type, "TimedStorage-XZ", "TimedStorage-RRS") ? OBJECTS_OTHER : OBJECTS_TIERED;
    }
    if (has(type, "-Storage", "StorageUsage") && has(type, "RDS:", "Aurora:")) {
      return DATABASE_DISK;
    }
    return has(type, "InstanceUsage", "Multi-AZUsage", "NodeUsage") ? DATABASE : OTHER;
  }

  // IOPS and throughput are not sizes
  private static Role disk(String type) {
    return has(type, "VolumeUsage") ? DISK_OTHER : OTHER;
  }

  private static boolean has(String text, String... parts) {
    for (String part : parts) {
      if (text.contains(part)) {
        return true;
      }
    }
    return false;
  }

  /// Whether the hours are those of machines that serve.
  boolean serves() {
    return this == MACHINE || this == ENDPOINT;
  }

  /// Whether the quantity is hours of machines.
  boolean hasHours() {
    return serves() || this == JOB;
  }

  /// Whether the cost is compute's.
  boolean computes() {
    return this == MACHINE || this == ENDPOINT || this == BY_USE || this == JOB;
  }
}
