package dev.pilotlight.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Usage types as AWS writes them.
final class RoleTest {
  @ParameterizedTest
  @CsvSource({
    "AmazonEC2, BoxUsage:m5.2xlarge, MACHINE",
    "AmazonEC2, EUC1-SpotUsage:c5.large, MACHINE",
    "AmazonEC2, DedicatedUsage:m5.large, MACHINE",
    "Amazon Elastic Compute Cloud, BoxUsage:m5.large, MACHINE",
    "ElasticMapReduce, BoxUsage:m5.large, OTHER",
    "AmazonSageMaker, USE1-Host:ml.m5.xlarge, ENDPOINT",
    "AmazonSageMaker, USE1-Train:ml.p3.2xlarge, JOB",
    "AmazonSageMaker, USE1-Notebk:ml.t3.medium, JOB",
    "AmazonSageMaker, ServerlessInf:Mem-4GB, BY_USE",
    "AWSLambda, Lambda-GB-Second, BY_USE",
    "AWSLambda, Lambda-Provisioned-Concurrency, OTHER",
    "AmazonECS, USE1-Fargate-vCPU-Hours:perCPU, BY_USE",
    "AmazonRDS, InstanceUsage:db.r5.2xl, DATABASE",
    "AmazonRDS, EUW1-Multi-AZUsage:db.m5.large, DATABASE",
    "AmazonElastiCache, NodeUsage:cache.r5.large, DATABASE",
    "AmazonRDS, RDS:GP2-Storage, DATABASE_DISK",
    "AmazonRDS, Aurora:StorageUsage, DATABASE_DISK",
    "AmazonEC2, EBS:VolumeUsage.gp2, DISK_GP2",
    "AmazonEC2, EUC1-EBS:VolumeUsage.gp3, DISK_GP3",
    "AmazonEC2, EBS:VolumeUsage.io1, DISK_OTHER",
    "AmazonEC2, EBS:VolumeP-IOPS.gp3, OTHER",
    "AmazonEC2, EBS:SnapshotUsage, SNAPSHOT",
    "AmazonS3, TimedStorage-ByteHrs, OBJECTS_STANDARD",
    "AmazonS3, EUC1-TimedStorage-ByteHrs, OBJECTS_STANDARD",
    "AmazonS3, TimedStorage-INT-FA-ByteHrs, OBJECTS_TIERED",
    "AmazonS3, TimedStorage-GlacierByteHrs, OBJECTS_TIERED",
    "AmazonECR, TimedStorage-ByteHrs, OTHER",
    "AmazonEC2, ElasticIP:IdleAddress, IDLE_ADDRESS",
    "AmazonVPC, PublicIPv4:IdleAddress, IDLE_ADDRESS",
    "AmazonEC2, NatGateway-Hours, NAT_HOURS",
    "AmazonEC2, EUC1-NatGateway-Bytes, NAT_BYTES",
    "AmazonEC2, DataTransfer-Regional-Bytes, TRANSFER",
    "AmazonEC2, USE1-USW2-AWS-Out-Bytes, TRANSFER",
    "AWSCostExplorer, USE1-APIRequest, OTHER"
  })
  void usageTypesHaveRoles(String service, String usageType, Role role) {
    TestBill bill = new TestBill().charge(service, usageType, "r", 1, "1");
    assertThat(bill.ledger().meters().keySet()).extracting(Meter::role).containsExactly(role);
  }
}
