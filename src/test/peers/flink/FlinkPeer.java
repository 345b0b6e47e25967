package dev.leat.peers;

import java.util.concurrent.locks.LockSupport;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/**
 * One Flink SQL job in a MiniCluster: rides from Kafka to Postgres or to Parquet. The source ends where the topic ended at
 * the start, so that nothing waits for a watermark that no later event brings; then the process stays until it is ended.
 */
public final class FlinkPeer {

    private static final String RIDES = """
            ride_id STRING, ride_number INT, vendor_id INT, pickup_at TIMESTAMP(3), passenger_count INT, trip_distance DOUBLE,
            pu_location_id INT, do_location_id INT, payment_type INT, fare_amount DOUBLE, tip_amount DOUBLE,
            total_amount DOUBLE""";
    private static final String NOT_NULL_RIDES = """
            ride_id STRING NOT NULL, ride_number INT NOT NULL, vendor_id INT NOT NULL, pickup_at TIMESTAMP(3) NOT NULL, passenger_count INT,
            trip_distance DOUBLE NOT NULL, pu_location_id INT NOT NULL, do_location_id INT NOT NULL,
            payment_type INT NOT NULL, fare_amount DOUBLE NOT NULL, tip_amount DOUBLE NOT NULL,
            total_amount DOUBLE NOT NULL""";

    private FlinkPeer() {}

    /** Arguments: task, Kafka, Confluent-compatible registry, topic, JDBC URL, user, folder, contract. */
    public static void main(String[] arguments) throws Exception {
        Configuration configuration = new Configuration();
        configuration.setString("parallelism.default", "2");
        configuration.setString("execution.checkpointing.interval", "5s");
        configuration.setString("execution.checkpointing.dir", "file://" + arguments[6] + "/checkpoints");
        configuration.setString("pipeline.object-reuse", "true");
        // rides only come, and those of a key in order, so there is nothing to be materialized before the sink
        configuration.setString("table.exec.sink.require-on-conflict", "false");
        configuration.setString("table.exec.sink.upsert-materialize", "NONE");
        configuration.setString("table.local-time-zone", "UTC");
        configuration.setString("rest.port", "0");
        TableEnvironment tables = TableEnvironment.create(EnvironmentSettings.newInstance()
                .inStreamingMode()
                .withConfiguration(configuration)
                .build());
        tables.executeSql("""
                CREATE TABLE rides (%s, WATERMARK FOR pickup_at AS pickup_at - INTERVAL '10' MINUTE) WITH (
                  'connector' = 'kafka', 'topic' = '%s', 'properties.bootstrap.servers' = '%s',
                  'properties.group.id' = '%s-flink', 'properties.max.poll.records' = '10000',
                  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset',
                  'value.format' = 'avro-confluent', 'value.avro-confluent.url' = '%s')""".formatted(
                        NOT_NULL_RIDES, arguments[3], arguments[1], arguments[3], arguments[2]));
        String jdbc = """
                'connector' = 'jdbc', 'url' = '%s?reWriteBatchedInserts=true', 'username' = '%s', 'password' = '%s',
                'sink.buffer-flush.max-rows' = '10000', 'sink.buffer-flush.interval' = '1s'"""
                .formatted(arguments[4], arguments[5], arguments[5]);
        switch (arguments[0]) {
            case "LATEST" -> {
                tables.executeSql("CREATE TABLE latest (%s, PRIMARY KEY (ride_id) NOT ENFORCED) WITH (%s, 'table-name' = 'rides_latest')"
                        .formatted(RIDES.replace("ride_id STRING", "ride_id STRING NOT NULL"), jdbc));
                tables.executeSql("INSERT INTO latest SELECT * FROM rides").await();
            }
            case "MINUTE" -> {
                tables.executeSql("""
                        CREATE TABLE minutes (vendor_id INT NOT NULL, `minute` TIMESTAMP(3) NOT NULL, trips BIGINT,
                          revenue DOUBLE, PRIMARY KEY (vendor_id, `minute`) NOT ENFORCED)
                        WITH (%s, 'table-name' = 'vendor_minute')""".formatted(jdbc));
                tables.executeSql("""
                        INSERT INTO minutes SELECT vendor_id, window_start, count(*), sum(total_amount)
                        FROM TUMBLE(TABLE rides, DESCRIPTOR(pickup_at), INTERVAL '1' MINUTE)
                        GROUP BY vendor_id, window_start, window_end""").await();
            }
            case "LAKE" -> {
                tables.executeSql("""
                        CREATE TABLE lake (%s, `day` STRING) PARTITIONED BY (`day`) WITH (
                          'connector' = 'filesystem', 'path' = 'file://%s/lake', 'format' = 'parquet',
                          'parquet.compression' = 'ZSTD', 'sink.partition-commit.policy.kind' = 'success-file')"""
                        .formatted(RIDES, arguments[6]));
                tables.executeSql("INSERT INTO lake SELECT *, DATE_FORMAT(pickup_at, 'yyyy-MM-dd') FROM rides")
                        .await();
            }
            default -> throw new IllegalArgumentException("unknown task " + arguments[0]);
        }
        System.out.println("done");
        while (true) {
            LockSupport.park();
        }
    }
}
