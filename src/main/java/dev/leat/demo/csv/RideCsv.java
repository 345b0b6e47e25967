package dev.leat.demo.csv;

import dev.leat.taxi.TaxiRide;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Reads rides from a CSV file with the columns of the TLC yellow-taxi record, named in the first line, in any order;
 * further columns are ignored. Ids are {@code <file name without extension>-<row>}, rows counted from 1.
 *
 * <p>The file's times are New York's wall clock without a zone. They are taken as UTC, so that a query shows what the
 * file says; they are therefore four or five hours off the true instants. Fields are never quoted in these files, and
 * quotes are not understood.
 *
 * <p>What can't be read ends the stream with a {@link RideCsvException}: rides are not dropped silently.
 */
public final class RideCsv {

    private final Path file;
    private final String idPrefix;

    public RideCsv(Path file) {
        this.file = file;
        this.idPrefix = file.getFileName().toString().replaceFirst("\\.[^.]*$", "") + "-";
    }

    /** Lazy, in the order of the file; to be closed. */
    public Stream<TaxiRide> rides() {
        try {
            Stream<String> lines = Files.lines(file);
            Iterator<String> rest = lines.iterator();
            if (!rest.hasNext()) {
                lines.close();
                throw new RideCsvException(file, 1, "the file is empty; its first line must name the columns");
            }
            RideCsvHeader header = new RideCsvHeader(file, rest.next());
            return LongStream.iterate(1, row -> rest.hasNext(), row -> row + 1)
                    .mapToObj(row -> ride(header, rest.next(), row))
                    .onClose(lines::close);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can't be read: " + e, e);
        }
    }

    private TaxiRide ride(RideCsvHeader header, String line, long row) {
        RideCsvRow fields = new RideCsvRow(header, header.fields(line, row + 1), row + 1);
        TaxiRide ride = new TaxiRide();
        ride.setRideId(idPrefix + row);
        ride.setVendorId(fields.integer("VendorID"));
        ride.setPickupAt(fields.time("tpep_pickup_datetime"));
        ride.setDropoffAt(fields.time("tpep_dropoff_datetime"));
        ride.setPassengerCount(fields.integerOrNull("passenger_count"));
        ride.setTripDistance(fields.number("trip_distance"));
        ride.setRatecodeId(fields.integerOrNull("RatecodeID"));
        ride.setStoreAndFwdFlag(fields.textOrNull("store_and_fwd_flag"));
        ride.setPuLocationId(fields.integer("PULocationID"));
        ride.setDoLocationId(fields.integer("DOLocationID"));
        ride.setPaymentType(fields.integer("payment_type"));
        ride.setFareAmount(fields.number("fare_amount"));
        ride.setExtra(fields.number("extra"));
        ride.setMtaTax(fields.number("mta_tax"));
        ride.setTipAmount(fields.number("tip_amount"));
        ride.setTollsAmount(fields.number("tolls_amount"));
        ride.setImprovementSurcharge(fields.number("improvement_surcharge"));
        ride.setTotalAmount(fields.number("total_amount"));
        ride.setCongestionSurcharge(fields.numberOrNull("congestion_surcharge"));
        return ride;
    }
}
