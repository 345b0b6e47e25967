package dev.leat.peers;

import static org.apache.spark.sql.avro.functions.from_avro;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.window;

import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.Trigger;

/**
 * One Structured Streaming query on two local threads: rides from Kafka to Postgres or to Parquet. Takes what is there
 * (AvailableNow), a few hundred thousand rows at a time; then the process stays until it is ended.
 */
public final class SparkPeer {

    private static final String UPSERT_RIDE = """
            INSERT INTO rides_latest VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (ride_id) DO UPDATE SET ride_number = excluded.ride_number, vendor_id = excluded.vendor_id, pickup_at = excluded.pickup_at,
              passenger_count = excluded.passenger_count, trip_distance = excluded.trip_distance,
              pu_location_id = excluded.pu_location_id, do_location_id = excluded.do_location_id,
              payment_type = excluded.payment_type, fare_amount = excluded.fare_amount,
              tip_amount = excluded.tip_amount, total_amount = excluded.total_amount""";
    private static final String UPSERT_MINUTE = """
            INSERT INTO vendor_minute VALUES (?, ?, ?, ?)
            ON CONFLICT (vendor_id, minute) DO UPDATE SET trips = excluded.trips, revenue = excluded.revenue""";
    private static final int FRAME = 5;
    private static final int BATCH = 10_000;

    private SparkPeer() {}

    /** Arguments: task, Kafka, Confluent-compatible registry, topic, JDBC URL, user, folder, contract. */
    public static void main(String[] arguments) throws Exception {
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .appName("benchmark")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.parquet.compression.codec", "zstd")
                .config("spark.local.dir", arguments[6] + "/local")
                .getOrCreate();
        spark.sparkContext().setLogLevel("WARN");
        String jdbc = arguments[4] + "?reWriteBatchedInserts=true";
        Dataset<Row> rides = spark.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", arguments[1])
                .option("kafka.max.poll.records", "10000")
                .option("subscribe", arguments[3])
                .option("startingOffsets", "earliest")
                .option("maxOffsetsPerTrigger", "500000")
                .load()
                .select(from_avro(expr("substring(value, " + (FRAME + 1) + ")"), Files.readString(Path.of(arguments[7])))
                        .as("ride"))
                .select("ride.*");
        DataStreamWriter<Row> writer =
                switch (arguments[0]) {
                    case "LATEST" -> rides.writeStream().foreachBatch(upserts(jdbc, arguments[5], UPSERT_RIDE, 1));
                    case "MINUTE" -> minutes(rides)
                            .writeStream()
                            .outputMode("update")
                            .foreachBatch(upserts(jdbc, arguments[5], UPSERT_MINUTE, 2));
                    case "LAKE" -> rides.withColumn("day", date_format(col("pickup_at"), "yyyy-MM-dd"))
                            .writeStream()
                            .format("parquet")
                            .partitionBy("day")
                            .option("path", arguments[6] + "/lake");
                    default -> throw new IllegalArgumentException("unknown task " + arguments[0]);
                };
        writer.option("checkpointLocation", arguments[6] + "/checkpoints")
                .trigger(Trigger.AvailableNow())
                .start()
                .awaitTermination();
        System.out.println("done");
        while (true) {
            LockSupport.park();
        }
    }

    private static Dataset<Row> minutes(Dataset<Row> rides) {
        Column minute = window(col("pickup_at"), "1 minute");
        return rides.withWatermark("pickup_at", "10 minutes")
                .groupBy(col("vendor_id"), minute)
                .agg(count(lit(1)), sum("total_amount"))
                .select(col("vendor_id"), col("window.start"), col("count(1)"), col("sum(total_amount)"));
    }

    private static VoidFunction2<Dataset<Row>, Long> upserts(String jdbc, String user, String sql, int key) {
        Upserts upserts = new Upserts(jdbc, user, sql, key);
        return (batch, id) -> batch.foreachPartition(upserts);
    }

    /** A transaction a partition; of rows with one key only the last, since one statement may touch a row only once. */
    private record Upserts(String jdbc, String user, String sql, int key)
            implements ForeachPartitionFunction<Row>, Serializable {

        @Override
        public void call(Iterator<Row> rows) throws SQLException {
            try (Connection connection = DriverManager.getConnection(jdbc, user, user);
                    PreparedStatement statement = connection.prepareStatement(sql)) {
                connection.setAutoCommit(false);
                Map<Object, Row> batch = new LinkedHashMap<>();
                while (rows.hasNext()) {
                    Row row = rows.next();
                    batch.put(key == 1 ? row.get(0) : row.get(0) + "/" + row.get(1), row);
                    if (batch.size() == BATCH) {
                        flush(statement, batch);
                    }
                }
                flush(statement, batch);
                connection.commit();
            }
        }

        private static void flush(PreparedStatement statement, Map<Object, Row> batch) throws SQLException {
            for (Row row : batch.values()) {
                for (int i = 0; i < row.size(); i++) {
                    statement.setObject(i + 1, row.get(i));
                }
                statement.addBatch();
            }
            statement.executeBatch();
            batch.clear();
        }
    }
}
