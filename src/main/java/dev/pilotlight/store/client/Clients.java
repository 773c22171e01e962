package dev.pilotlight.store.client;

import dev.pilotlight.store.DynamoCalls;
import dev.pilotlight.store.SdkCalls;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.StoreSettings.Client;
import dev.pilotlight.store.direct.Credentials;
import dev.pilotlight.store.direct.DirectClient;
import dev.pilotlight.store.mark.MarkCalls;
import dev.pilotlight.store.mark.SdkMarks;
import dev.pilotlight.store.rows.RowCounters;
import dev.pilotlight.store.rows.RowReads;
import dev.pilotlight.store.rows.SdkCounters;
import dev.pilotlight.store.rows.SdkRows;
import dev.pilotlight.support.Log;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/// Builds the AWS clients of the function on first use and shares them.
///
/// It reads the standard variables (`AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL_DYNAMODB`,
/// `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`) itself: Lambda always sets them, and the SDK's search
/// through profile files, system properties and instance metadata is slow. SnapStart sets
/// `AWS_CONTAINER_CREDENTIALS_FULL_URI` instead of keys; then the credentials come from there.
public final class Clients implements AutoCloseable {
  private static final int ATTEMPTS_MAX = 4;
  private static final Duration BACK_OFF_FIRST = Duration.ofMillis(25);
  private static final Duration BACK_OFF_MAX = Duration.ofSeconds(1);
  // downloads of models take long; results have separate budgets
  private static final Duration S3_CONNECT = Duration.ofSeconds(2);
  private static final Duration S3_READ = Duration.ofSeconds(10);
  private static final String CONTAINER = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

  private final Map<String, String> environment;
  private final Log log;
  private final Lazy<AwsCredentialsProvider> credentials = new Lazy<>(this::newCredentials);
  private final Lazy<RefusalRecorder> dynamoHttp;
  private final Lazy<DynamoDbClient> dynamo;
  private final Lazy<S3Client> s3;
  private final Lazy<Optional<DirectClient>> direct;
  private final Optional<ContainerCredentials> container;
  private volatile boolean kept = true;

  /// @param environment the environment variables, usually [System#getenv()]
  /// @throws IllegalArgumentException if an endpoint is not a URI
  public Clients(Map<String, String> environment, StoreSettings settings, Log log) {
    this.environment = Map.copyOf(environment);
    this.log = log;
    Duration attempt = settings.attempt();
    this.dynamoHttp = new Lazy<>(() -> new RefusalRecorder(opening(attempt, attempt)));
    this.dynamo = new Lazy<>(this::newDynamo);
    this.s3 = new Lazy<>(this::newS3);
    this.direct =
        new Lazy<>(() -> settings.client() == Client.SDK ? Optional.empty() : newDirect(attempt));
    this.container = text(CONTAINER).map(_ -> new ContainerCredentials());
    // fail now for an invalid endpoint, although the clients are built later
    for (String service : List.of("DYNAMODB", "S3")) {
      var _ = endpoint(service);
    }
  }

  /// The calls to a table of results: sent directly where that is possible, else by the SDK.
  public DynamoCalls calls(String table) {
    Function<String, SdkCalls> sdk = name -> new SdkCalls(this::dynamo, name);
    Optional<DirectClient> client = direct.get();
    return client.isPresent() ? client.get().calls(table, sdk) : sdk.apply(table);
  }

  /// The calls for the marks of a table of results, as [#calls].
  public MarkCalls marks(String table) {
    SdkMarks sdk = new SdkMarks(this::dynamo, table);
    Optional<DirectClient> client = direct.get();
    return client.isPresent() ? client.get().marks(table, sdk) : sdk.calls();
  }

  /// The reads of rows of a table, in the same way.
  public RowReads rows(String table) {
    Function<String, SdkRows> sdk = name -> new SdkRows(this::dynamo, name);
    Optional<DirectClient> client = direct.get();
    return client.isPresent() ? client.get().rows(table, sdk) : sdk.apply(table);
  }

  /// The counters in rows of a table, in the same way.
  public RowCounters counters(String table) {
    Function<String, SdkCounters> sdk = name -> new SdkCounters(this::dynamo, name);
    Optional<DirectClient> client = direct.get();
    return client.isPresent() ? client.get().counters(table, sdk) : sdk.apply(table);
  }

  public DynamoDbClient dynamo() {
    return dynamo.get();
  }

  public S3Client s3() {
    return s3.get();
  }

  /// The time at which DynamoDB last refused or throttled a call, on the clock of
  /// [System#nanoTime()].
  public long dynamoRefusedNanos() {
    long bySdk = dynamoHttp.get().lastRefusalNanos();
    long directly = direct.get().map(DirectClient::lastRefusalNanos).orElse(bySdk);
    return directly - bySdk > 0 ? directly : bySdk;
  }

  /// Returns the current credentials; under SnapStart they change.
  ///
  /// @throws software.amazon.awssdk.core.exception.SdkException if there are none
  public AwsCredentials credentials() {
    return credentials.get().resolveCredentials();
  }

  public Optional<String> regionName() {
    return text("AWS_REGION").or(() -> text("AWS_DEFAULT_REGION"));
  }

  /// Closes every connection to DynamoDB and S3 after its call from now on, so that a snapshot of
  /// this process has none: Java does not list the connections that it keeps.
  public void keepNoConnections() {
    kept = false;
    direct.ifBuilt(client -> client.ifPresent(DirectClient::keepNoConnections));
  }

  /// Makes the next call read the credentials again, unless they are environment variables.
  public void forgetCredentials() {
    container.ifPresent(ContainerCredentials::forget);
  }

  /// Ends [#keepNoConnections()].
  public void keepConnections() {
    kept = true;
    direct.ifBuilt(client -> client.ifPresent(DirectClient::keepConnections));
  }

  @Override
  public void close() {
    forgetCredentials();
    direct.ifBuilt(client -> client.ifPresent(DirectClient::close));
    dynamo.ifBuilt(DynamoDbClient::close);
    s3.ifBuilt(S3Client::close);
  }

  private DynamoDbClient newDynamo() {
    return common(DynamoDbClient.builder(), "DYNAMODB", dynamoHttp.get()).build();
  }

  private S3Client newS3() {
    return common(S3Client.builder(), "S3", opening(S3_CONNECT, S3_READ))
        .forcePathStyle(endpoint("S3").isPresent()) // 127.0.0.1 has no subdomains
        // callers compare SHA-256 digests themselves
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .build();
  }

  private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B common(
      B builder, String service, SdkHttpClient http) {
    endpoint(service).ifPresent(builder::endpointOverride);
    regionName().map(Region::of).ifPresent(builder::region);
    return builder
        .credentialsProvider(credentials.get())
        .httpClient(http)
        .overrideConfiguration(
            o -> {
              o.retryStrategy(
                  AwsRetryStrategy.standardRetryStrategy().toBuilder()
                      .maxAttempts(ATTEMPTS_MAX)
                      .backoffStrategy(
                          BackoffStrategy.exponentialDelay(BACK_OFF_FIRST, BACK_OFF_MAX))
                      .build());
              if (inLambda()) {
                o.defaultProfileFile(ProfileFile.aggregator().build());
              }
            });
  }

  private Optional<DirectClient> newDirect(Duration attempt) {
    Optional<Supplier<Credentials>> current =
        container.isPresent() ? Optional.of(this::containerCredentials) : variableCredentials();
    Optional<String> region = regionName();
    if (current.isEmpty() || region.isEmpty()) {
      return Optional.empty();
    }
    Optional<DirectClient> made =
        DirectClient.of(
            environment, region.get(), endpoint("DYNAMODB"), current.get(), attempt, log);
    if (!kept) {
      made.ifPresent(DirectClient::keepNoConnections);
    }
    return made;
  }

  private Optional<Supplier<Credentials>> variableCredentials() {
    Optional<String> id = text("AWS_ACCESS_KEY_ID");
    Optional<String> secret = text("AWS_SECRET_ACCESS_KEY");
    if (id.isEmpty() || secret.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> token = text("AWS_SESSION_TOKEN");
    Credentials same =
        new Credentials(
            id.get().strip(), secret.get().strip(), token.isPresent() ? token.get().strip() : null);
    return Optional.of(() -> same);
  }

  private Credentials containerCredentials() {
    AwsCredentials now = credentials();
    String token = now instanceof AwsSessionCredentials session ? session.sessionToken() : null;
    return new Credentials(now.accessKeyId(), now.secretAccessKey(), token);
  }

  private SdkHttpClient opening(Duration connect, Duration read) {
    return new UnkeptConnections(
        UrlConnectionHttpClient.create(new Connections(connect, read)), () -> kept);
  }

  private AwsCredentialsProvider newCredentials() {
    if (container.isPresent()) {
      return container.get();
    }
    Optional<String> id = text("AWS_ACCESS_KEY_ID");
    Optional<String> secret = text("AWS_SECRET_ACCESS_KEY");
    if (id.isEmpty() || secret.isEmpty()) {
      return DefaultCredentialsProvider.builder().build(); // a developer's machine
    }
    return StaticCredentialsProvider.create(
        text("AWS_SESSION_TOKEN")
            .<AwsCredentials>map(
                token -> AwsSessionCredentials.create(id.get(), secret.get(), token.strip()))
            .orElseGet(() -> AwsBasicCredentials.create(id.get(), secret.get())));
  }

  private Optional<URI> endpoint(String service) {
    return text("AWS_ENDPOINT_URL_" + service).or(() -> text("AWS_ENDPOINT_URL")).map(URI::create);
  }

  private boolean inLambda() {
    return environment.containsKey("AWS_LAMBDA_FUNCTION_NAME");
  }

  private Optional<String> text(String name) {
    return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
  }

  private static final class Lazy<T> {
    private final Supplier<T> builder;
    // volatile, so that only the first calls take the lock
    private volatile @Nullable T built;

    Lazy(Supplier<T> builder) {
      this.builder = builder;
    }

    T get() {
      T value = built;
      return value == null ? build() : value;
    }

    private synchronized T build() {
      T value = built;
      if (value == null) {
        value = builder.get();
        built = value;
      }
      return value;
    }

    synchronized void ifBuilt(Consumer<T> action) {
      T value = built;
      if (value != null) {
        action.accept(value);
      }
    }
  }
}
