package dev.leat.demo.csv;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** The first line of a CSV file of rides: which column is where. */
final class RideCsvHeader {

    private static final List<String> COLUMNS = List.of(
            "VendorID",
            "tpep_pickup_datetime",
            "tpep_dropoff_datetime",
            "passenger_count",
            "trip_distance",
            "RatecodeID",
            "store_and_fwd_flag",
            "PULocationID",
            "DOLocationID",
            "payment_type",
            "fare_amount",
            "extra",
            "mta_tax",
            "tip_amount",
            "tolls_amount",
            "improvement_surcharge",
            "total_amount",
            "congestion_surcharge");

    private final Path file;
    private final List<String> names;

    /** @throws RideCsvException when columns are missing; names them */
    RideCsvHeader(Path file, String line) {
        this.file = file;
        this.names = Arrays.asList(line.strip().split(","));
        TreeSet<String> missing = new TreeSet<>(COLUMNS);
        names.forEach(missing::remove);
        if (!missing.isEmpty()) {
            throw new RideCsvException(file, 1, "columns are missing: " + String.join(", ", missing));
        }
    }

    /**
     * Splits a line.
     *
     * @param number of the line in the file, from 1
     */
    String[] fields(String line, long number) {
        String[] fields = line.split(",", -1);
        if (fields.length != names.size()) {
            throw new RideCsvException(
                    file, number, "expected " + names.size() + " fields, but there are " + fields.length);
        }
        return fields;
    }

    int index(String column) {
        return names.indexOf(column);
    }

    Path file() {
        return file;
    }
}
