package dev.leat.http;

/** Limits without a configuration. */
public final class LimitsFixture {

    private LimitsFixture() {}

    public static Limits limits(int defaultLimit, int maxLimit) {
        return new Limits(new LimitConfig() {
            @Override
            public int defaultLimit() {
                return defaultLimit;
            }

            @Override
            public int maxLimit() {
                return maxLimit;
            }
        });
    }
}
