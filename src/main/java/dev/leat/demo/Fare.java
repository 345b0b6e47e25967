package dev.leat.demo;

import dev.leat.taxi.TaxiRide;

/**
 * What a ride costs, in US cents, so that parts add up to the total exactly.
 *
 * @param congestion null where the vendor did not report it; then it is not part of the total
 */
record Fare(int fare, int extra, int tax, int tip, int tolls, int improvement, Integer congestion) {

    private static final int MTA_TAX = 50;
    private static final int IMPROVEMENT_SURCHARGE = 30;

    /**
     * By the meter, as of 2020.
     *
     * @param miles distance
     * @param minutes duration
     * @param extra surcharge of that hour, in cents
     */
    static Fare metered(double miles, double minutes, int extra, int tolls, Integer congestion) {
        int fare = 250 + 50 * (int) Math.round(miles * 3.6 + minutes * 0.4);
        return new Fare(fare, extra, MTA_TAX, 0, tolls, IMPROVEMENT_SURCHARGE, congestion);
    }

    /** Between Manhattan and JFK, whatever the distance. */
    static Fare flat(int tolls, Integer congestion) {
        return new Fare(5200, 0, MTA_TAX, 0, tolls, IMPROVEMENT_SURCHARGE, congestion);
    }

    /** @param share of what is due before it, as 0.2 */
    Fare withTip(double share) {
        return new Fare(fare, extra, tax, (int) Math.round(total() * share), tolls, improvement, congestion);
    }

    /** As meters record a voided ride: every amount with the opposite sign, and no tip. */
    Fare voided() {
        return new Fare(-fare, -extra, -tax, 0, -tolls, -improvement, congestion == null ? null : -congestion);
    }

    int total() {
        return fare + extra + tax + tip + tolls + improvement + (congestion == null ? 0 : congestion);
    }

    void writeTo(TaxiRide ride) {
        ride.setFareAmount(dollars(fare));
        ride.setExtra(dollars(extra));
        ride.setMtaTax(dollars(tax));
        ride.setTipAmount(dollars(tip));
        ride.setTollsAmount(dollars(tolls));
        ride.setImprovementSurcharge(dollars(improvement));
        ride.setTotalAmount(dollars(total()));
        ride.setCongestionSurcharge(congestion == null ? null : (Double) dollars(congestion));
    }

    private static double dollars(int cents) {
        return cents / 100.0;
    }
}
