package dev.pilotlight.local.dynamo;

import com.almworks.sqlite4java.SQLiteConnection;
import com.almworks.sqlite4java.SQLiteException;
import com.almworks.sqlite4java.SQLiteJob;
import com.almworks.sqlite4java.SQLiteQueue;
import java.lang.reflect.Field;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.shared.access.sqlite.SQLiteDBAccess;

/// The SQLite file of DynamoDB Local.
final class TableFile {
  private static final String NO_SYNC = "PRAGMA synchronous=OFF";

  private TableFile() {}

  /// Lets the system decide when a write reaches the disk, as Redis and S3 do here: a write takes 6
  /// ms instead of 23. A kill of this process loses nothing; a power failure may lose the last
  /// seconds. DynamoDB Local has no setting for it, so this uses its private fields. With a release
  /// that has other fields, writes stay slow.
  static void leaveSyncToTheSystem(LocalDynamoDBRequestHandler requests) {
    try {
      Map<?, ?> clients =
          (Map<?, ?>) field(LocalDynamoDBRequestHandler.class, "dbRequestHandlers").get(requests);
      for (Object client : clients.values()) {
        Object tables = field(client.getClass(), "dbAccess").get(client);
        SQLiteQueue queue = (SQLiteQueue) field(SQLiteDBAccess.class, "queue").get(tables);
        queue.execute(new NoSync()).complete();
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      // its writes wait for the disk
    }
  }

  private static Field field(Class<?> of, String name) throws NoSuchFieldException {
    Field field = of.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  private static final class NoSync extends SQLiteJob<@Nullable Void> {
    @Override
    protected @Nullable Void job(SQLiteConnection connection) throws SQLiteException {
      connection.exec(NO_SYNC);
      return null;
    }
  }
}
