package dev.leat.demo.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leat.taxi.TaxiRide;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RideCsvTest {

    private static final Path TLC = Path.of("src", "test", "resources", "taxi", "rides.csv");
    private static final String HEADER = "VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,passenger_count,"
            + "trip_distance,RatecodeID,store_and_fwd_flag,PULocationID,DOLocationID,payment_type,fare_amount,extra,"
            + "mta_tax,tip_amount,tolls_amount,improvement_surcharge,total_amount,congestion_surcharge";
    private static final String ROW =
            "1,2020-07-01 00:25:32,2020-07-01 00:33:39,1,1.50,1,N,238,75,2,8,0.5,0.5,0,0,0.3,9.3,0";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("july.csv");
    }

    @Test
    void the_sums_of_each_vendor_are_those_of_the_file() throws IOException {
        // Given
        Map<Integer, Double> expected = Files.readAllLines(TLC).stream()
                .skip(1)
                .map(line -> line.split(","))
                .collect(Collectors.groupingBy(
                        fields -> Integer.valueOf(fields[0]),
                        Collectors.collectingAndThen(
                                Collectors.reducing(BigDecimal.ZERO, f -> new BigDecimal(f[16]), BigDecimal::add),
                                BigDecimal::doubleValue)));

        // When
        Map<Integer, Double> sums = read(TLC).stream()
                .collect(Collectors.groupingBy(
                        TaxiRide::getVendorId, Collectors.summingDouble(TaxiRide::getTotalAmount)));

        // Then
        assertThat(sums).containsOnlyKeys(1, 2);
        sums.forEach((vendor, sum) -> assertThat(sum).isCloseTo(expected.get(vendor), within(1e-6)));
    }

    @Test
    void every_column_is_read_and_times_are_taken_as_utc() {
        // When
        List<TaxiRide> rides = read(TLC);

        // Then
        assertThat(rides).hasSize(266);
        assertThat(rides.getFirst())
                .isEqualTo(new TaxiRide(
                        "rides-1",
                        1,
                        Instant.parse("2020-07-01T00:25:32Z"),
                        Instant.parse("2020-07-01T00:33:39Z"),
                        1,
                        1.5,
                        1,
                        "N",
                        238,
                        75,
                        2,
                        8.0,
                        0.5,
                        0.5,
                        0.0,
                        0.0,
                        0.3,
                        9.3,
                        0.0));
        assertThat(rides).filteredOn(ride -> ride.getTotalAmount() < 0).hasSize(1);
    }

    @Test
    void an_empty_field_is_null_where_the_contract_allows_it() throws IOException {
        // Given
        write(HEADER, "1,2020-07-01 00:25:32,2020-07-01 00:33:39,,1.50,,,238,75,2,8,0.5,0.5,0,0,0.3,9.3,");

        // When
        TaxiRide ride = read(file).getFirst();

        // Then
        assertThat(ride.getPassengerCount()).isNull();
        assertThat(ride.getRatecodeId()).isNull();
        assertThat(ride.getStoreAndFwdFlag()).isNull();
        assertThat(ride.getCongestionSurcharge()).isNull();
    }

    @Test
    void a_field_that_cannot_be_read_is_named_with_its_file_and_line() throws IOException {
        // Given
        write(HEADER, ROW, ROW.replace("9.3", "nine"));

        // When, Then
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(RideCsvException.class)
                .hasMessage(file + ":3: total_amount: expected a number, but it is `nine`");
    }

    @Test
    void an_empty_field_is_refused_where_the_contract_needs_a_value() throws IOException {
        // Given
        write(HEADER, ROW.replaceFirst("^1,", ","));

        // When, Then
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(RideCsvException.class)
                .hasMessage(file + ":2: VendorID: expected a whole number, but it is ``");
    }

    @Test
    void a_line_that_is_cut_short_is_refused() throws IOException {
        // Given
        write(HEADER, ROW.substring(0, 40));

        // When, Then
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(RideCsvException.class)
                .hasMessage(file + ":2: expected 18 fields, but there are 3");
    }

    @Test
    void missing_columns_are_named() throws IOException {
        // Given
        write(HEADER.replace("total_amount,", "").replace("VendorID", "vendor"), ROW);

        // When, Then
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(RideCsvException.class)
                .hasMessage(file + ":1: columns are missing: VendorID, total_amount");
    }

    @Test
    void an_empty_file_is_refused() throws IOException {
        // Given
        Files.createFile(file);

        // When, Then
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(RideCsvException.class)
                .hasMessage(file + ":1: the file is empty; its first line must name the columns");
    }

    private void write(String... lines) throws IOException {
        Files.write(file, List.of(lines));
    }

    private static List<TaxiRide> read(Path file) {
        try (Stream<TaxiRide> rides = new RideCsv(file).rides()) {
            return rides.toList();
        }
    }
}
