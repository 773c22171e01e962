package dev.pilotlight.local.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.local.s3.S3Local;
import java.time.Duration;
import java.util.List;
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
        In: {Type: AWS::S3::Bucket}
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
              Json:
                Type: S3
                Properties:
                  Bucket: !Ref In
                  Events: s3:ObjectCreated:*
                  Filter: {S3Key: {Rules: [{Name: suffix, Value: .jsonl}]}}
              Next:
                Type: S3
                Properties:
                  Bucket: !Ref In
                  Events: [s3:ObjectCreated:Put, s3:ObjectCreated:Copy]
                  Filter:
                    S3Key:
                      Rules: [{Name: prefix, Value: next/}, {Name: suffix, Value: .go}]
              Web: {Type: HttpApi}
              Marks:
                Type: EventBridgeRule
                Properties:
                  Pattern:
                    source: [aws.s3]
                    detail-type: [Object Created]
                    detail:
                      bucket: {name: [!Ref Out]}
                      object: {key: [{prefix: .marks/}]}
        Other:
          Type: AWS::Serverless::Function
          Properties: {Handler: a.B::d}
      """;

  @Test
  void eventsOfS3AreReadWithTheirFilters() {
    assertThat(Template.parse(TEMPLATE).s3Triggers())
        .containsExactly(
            new S3Trigger(
                "Lines",
                "Json",
                "pilotlight-in",
                List.of("s3:ObjectCreated:*"),
                "",
                ".jsonl",
                false),
            new S3Trigger(
                "Lines",
                "Next",
                "pilotlight-in",
                List.of("s3:ObjectCreated:Put", "s3:ObjectCreated:Copy"),
                "next/",
                ".go",
                false),
            new S3Trigger(
                "Lines",
                "Marks",
                "pilotlight-out",
                List.of("s3:ObjectCreated:*"),
                ".marks/",
                "",
                true));
  }

  @ParameterizedTest
  @CsvSource({
    "pilotlight-in,  ObjectCreated:Put,                     a.jsonl,     Json",
    "pilotlight-in,  ObjectCreated:CompleteMultipartUpload, a b/c.jsonl, Json",
    "pilotlight-in,  ObjectCreated:Copy,                    next/1.go,   Next",
    "pilotlight-in,  ObjectCreated:CompleteMultipartUpload, next/1.go,   ''",
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
          Bucket: !Ref In                | NotBucket: x           | Json of Lines has no Bucket
          Bucket: !Ref In                | Bucket: elsewhere      | names the bucket elsewhere
          Events: s3:ObjectCreated:*     | Events: s3:Made        | has 's3:Made' in Events
          Events: s3:ObjectCreated:*     | NoEvents: x            | has 'null' in Events
          {Name: suffix, Value: .jsonl}  | {Name: infix, Value: x}| one with Name prefix
          {Name: suffix, Value: .jsonl}  | {Name: suffix}         | Name: prefix or suffix, Value
          {Name: prefix, Value: next/}   | {Name: suffix, Value: x} | one with Name suffix
          [{Name: suffix, Value: .jsonl}]| all                    | accepted: {S3Key: {Rules:
          Value: .jsonl                  | Value: x.go            | Json and Next overlap
          source: [aws.s3]               | source: [aws.ec2]      | Marks of Lines has the Pattern
          {prefix: .marks/}              | {suffix: .marks}       | accepted: {source: [aws.s3],
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
