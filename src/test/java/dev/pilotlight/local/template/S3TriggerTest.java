package dev.pilotlight.local.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.local.s3.S3Local;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3TriggerTest {
  private static final String TEMPLATE =
      """
      Globals:
        Function:
          EventInvokeConfig: {MaximumRetryAttempts: 1}
      Resources:
        In:
          Type: AWS::S3::Bucket
          Properties:
            NotificationConfiguration:
              LambdaConfigurations:
                - Event: s3:ObjectCreated:*
                  Function: !Ref Lines.Alias
                  Filter: {S3Key: {Rules: [{Name: suffix, Value: .jsonl}]}}
                - Event: s3:ObjectCreated:Put
                  Function: !GetAtt Lines.Arn
                  Filter:
                    S3Key:
                      Rules: [{Name: prefix, Value: next/}, {Name: suffix, Value: .go}]
              QueueConfigurations:
                - Event: s3:ObjectCreated:*
                  Queue: !GetAtt Waiting.Arn
                  Filter:
                    S3Key:
                      Rules: [{Name: prefix, Value: slow/}, {Name: suffix, Value: .q}]
        Out: {Type: AWS::S3::Bucket}
        Lines:
          Type: AWS::Serverless::Function
          Properties:
            Handler: a.B::c
            EventInvokeConfig:
              MaximumEventAgeInSeconds: 60
              DestinationConfig:
                OnFailure: {Type: SQS, Destination: !GetAtt Failures.Arn}
            Events:
              Web: {Type: HttpApi}
        Marks:
          Type: AWS::Events::Rule
          Properties:
            EventPattern:
              source: [aws.s3]
              detail-type: [Object Created]
              detail:
                bucket: {name: [!Ref Out]}
                object: {key: [{prefix: .marks/}]}
            Targets: [{Id: marks, Arn: !GetAtt Waiting.Arn}]
        Waiting:
          Type: AWS::SQS::Queue
          Properties:
            MessageRetentionPeriod: 1209600
            RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}
        Mapping:
          Type: AWS::Lambda::EventSourceMapping
          Properties:
            {EventSourceArn: !GetAtt Waiting.Arn, FunctionName: !Ref Lines.Alias, BatchSize: 1}
        Other:
          Type: AWS::Serverless::Function
          Properties: {Handler: a.B::d}
      """;

  private static final QueueSettings QUEUE =
      new QueueSettings("pilotlight-waiting", 3, Duration.ofDays(14), "pilotlight-dead");

  private static S3Trigger trigger(
      String name, String bucket, String event, String prefix, String suffix) {
    boolean rule = name.equals("Marks");
    boolean queued = rule || suffix.equals(".q");
    return new S3Trigger(
        "Lines",
        name,
        bucket,
        event,
        prefix,
        suffix,
        rule,
        queued ? Optional.of(QUEUE) : Optional.empty());
  }

  @Test
  void eventsOfS3AreReadWithTheirFiltersAndTheirWays() {
    assertThat(Template.parse(TEMPLATE).s3Triggers())
        .containsExactly(
            trigger("notification 1 of In", "pilotlight-in", "s3:ObjectCreated:*", "", ".jsonl"),
            trigger(
                "notification 2 of In", "pilotlight-in", "s3:ObjectCreated:Put", "next/", ".go"),
            trigger("notification 3 of In", "pilotlight-in", "s3:ObjectCreated:*", "slow/", ".q"),
            trigger("Marks", "pilotlight-out", "s3:ObjectCreated:*", ".marks/", ""));
  }

  @Test
  void aMessageIsTriedAsOftenAsItsQueueDeliversIt() {
    assertThat(QUEUE.attempts())
        .isEqualTo(new AsyncSettings(2, Duration.ofDays(14), "pilotlight-dead"));
  }

  @ParameterizedTest
  @CsvSource({
    "pilotlight-in,  ObjectCreated:Put,                     a.jsonl,     notification 1 of In",
    "pilotlight-in,  ObjectCreated:CompleteMultipartUpload, a b/c.jsonl, notification 1 of In",
    "pilotlight-in,  ObjectCreated:Put,                     next/1.go,   notification 2 of In",
    "pilotlight-in,  ObjectCreated:Copy,                    next/1.go,   ''",
    "pilotlight-in,  ObjectCreated:Copy,                    slow/1.q,    notification 3 of In",
    "pilotlight-in,  ObjectCreated:Put,                     1.go,        ''",
    "pilotlight-in,  ObjectCreated:Put,                     a.JSONL,     ''",
    "pilotlight-in,  ObjectCreated:Put,                     a.jsonl.gz,  ''",
    "pilotlight-out, ObjectCreated:Put,                     a.jsonl,     ''",
    "pilotlight-out, ObjectCreated:Put,                     .marks/1,    Marks",
    "pilotlight-in,  ObjectCreated:Put,                     .marks/1,    ''"
  })
  void objectStartsTheTriggerWithItsBucketEventAndKey(
      String bucket, String event, String key, String taker) {
    var created = new S3Local.Created(event, bucket, key, "", "e", 1, "1");
    assertThat(
            Template.parse(TEMPLATE).s3Triggers().stream()
                .filter(
                    trigger -> trigger.takes(created.eventName(), created.bucket(), created.key()))
                .map(S3Trigger::name))
        .isEqualTo(taker.isEmpty() ? List.of() : List.of(taker));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Event: s3:ObjectCreated:*      | Event: s3:Made         | has 's3:Made' as Event
          Event: s3:ObjectCreated:*      | NoEvent: x             | has 'null' as Event
          Function: !Ref Lines.Alias     | Function: elsewhere    | 1 of In leads to elsewhere
          {Name: suffix, Value: .jsonl}  | {Name: infix, Value: x}| one with Name prefix
          {Name: suffix, Value: .jsonl}  | {Name: suffix}         | Name: prefix or suffix, Value
          {Name: prefix, Value: next/}   | {Name: suffix, Value: x} | one with Name suffix
          [{Name: suffix, Value: .jsonl}]| all                    | accepted: {S3Key: {Rules:
          Value: .jsonl                  | Value: x.go            | 1 of In and notification 2 of In
          name: [!Ref Out]               | name: [elsewhere]      | Marks names the bucket elsewhere
          source: [aws.s3]               | source: [aws.ec2]      | rule Marks has the EventPattern
          {prefix: .marks/}              | {suffix: .marks}       | accepted: {source: [aws.s3],
          Arn: !GetAtt Waiting.Arn       | Arn: !GetAtt Dead.Arn  | leads to pilotlight-dead.Arn
          EventSourceArn: !GetAtt Wai    | EventSourceArn: !GetAtt Ot | which is neither a function
          BatchSize: 1                   | BatchSize: 10          | accepted: BatchSize 1, no Funct
          BatchSize: 1   | BatchSize: 1, FunctionResponseTypes: [a] | no FunctionResponseTypes
          maxReceiveCount: 3             | maxReceiveCount: often | maxReceiveCount of Waiting is 'o
          RedrivePolicy:                 | Redrive:               | Waiting has no RedrivePolicy
          """)
  void wrongEventIsReportedInOneLineWithTheAcceptedValues(
      String right, String wrong, String message) {
    Template template =
        Template.parse(TEMPLATE.replaceFirst(java.util.regex.Pattern.quote(right), wrong));
    assertThatThrownBy(template::s3Triggers)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void retrySettingsHaveLambdasDefaults() {
    var settings = Template.parse(TEMPLATE).asyncSettings();
    assertThat(settings.get("Lines"))
        .isEqualTo(new AsyncSettings(2, Duration.ofSeconds(60), "pilotlight-failures"));
    assertThat(settings.get("Other")).isEqualTo(new AsyncSettings(1, Duration.ofHours(6), ""));
  }

  @Test
  void wrongRetrySettingIsReportedInOneLineWithTheAcceptedValues() {
    assertThatThrownBy(
            () -> Template.parse(TEMPLATE.replace("Attempts: 1", "Attempts: 3")).asyncSettings())
        .hasMessage("MaximumRetryAttempts of Other is '3'; accepted: 0–2");
    assertThatThrownBy(
            () -> Template.parse(TEMPLATE.replace("Seconds: 60", "Seconds: soon")).asyncSettings())
        .hasMessage("MaximumEventAgeInSeconds of Lines is 'soon'; accepted: 60–21600");
  }
}
