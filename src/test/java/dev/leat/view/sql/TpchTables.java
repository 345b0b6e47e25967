package dev.leat.view.sql;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The tables of TPC-H, with values from few enough that rows meet. */
final class TpchTables {

    private TpchTables() {}

    /** How a value is made. */
    interface Value {
        Object of(Random random);
    }

    record Field(String name, String kind, Value value) {}

    private static Field number(String name, int values) {
        return new Field(name, "INT", random -> (long) random.nextInt(values));
    }

    private static Field money(String name) {
        return new Field(name, "LONG", random -> (long) random.nextInt(900) - 50);
    }

    private static Field date(String name) {
        long first = LocalDate.of(1993, 1, 1).toEpochDay();
        return new Field(name, "DATE", random -> first + random.nextInt(1200));
    }

    private static Field text(String name, String... values) {
        return new Field(name, "STRING", random -> values[random.nextInt(values.length)]);
    }

    static Map<String, List<Field>> tables() {
        Map<String, List<Field>> tables = new LinkedHashMap<>();
        tables.put("region", List.of(number("r_regionkey", 3), text("r_name", "EUROPE", "ASIA", "AMERICA")));
        tables.put(
                "nation",
                List.of(
                        number("n_nationkey", 6),
                        text("n_name", "FRANCE", "GERMANY", "BRAZIL", "CANADA"),
                        number("n_regionkey", 3)));
        tables.put(
                "supplier",
                List.of(
                        number("s_suppkey", 8),
                        text("s_name", "s1", "s2", "s3", "s4"),
                        text("s_address", "here", "there"),
                        number("s_nationkey", 6),
                        text("s_phone", "11", "12"),
                        money("s_acctbal"),
                        text("s_comment", "fine", "Customer x Complaints", "none")));
        tables.put(
                "customer",
                List.of(
                        number("c_custkey", 10),
                        text("c_name", "c1", "c2", "c3"),
                        text("c_address", "here", "there"),
                        number("c_nationkey", 6),
                        text("c_phone", "13-1", "31-2", "23-3", "99-4"),
                        money("c_acctbal"),
                        text("c_mktsegment", "BUILDING", "BUILDING", "OTHER")));
        tables.put(
                "part",
                List.of(
                        number("p_partkey", 10),
                        text("p_name", "forest green", "forest", "green", "red"),
                        text("p_mfgr", "m1", "m2"),
                        text("p_brand", "Brand#12", "Brand#23", "Brand#45"),
                        text("p_type", "PROMO BRASS", "SMALL BRASS", "MEDIUM POLISHED TIN", "PROMO TIN"),
                        number("p_size", 50),
                        text("p_container", "SM CASE", "SM BOX", "MED BAG")));
        tables.put(
                "partsupp",
                List.of(
                        number("ps_id", 20),
                        number("ps_partkey", 10),
                        number("ps_suppkey", 8),
                        number("ps_availqty", 60),
                        number("ps_supplycost", 9)));
        tables.put(
                "orders",
                List.of(
                        number("o_orderkey", 25),
                        number("o_custkey", 10),
                        text("o_orderstatus", "F", "F", "O"),
                        number("o_totalprice", 1000),
                        date("o_orderdate"),
                        text("o_orderpriority", "1-URGENT", "2-HIGH", "3-MEDIUM"),
                        number("o_shippriority", 2),
                        text("o_comment", "special x requests", "none", "none")));
        tables.put(
                "lineitem",
                List.of(
                        number("l_id", 60),
                        number("l_orderkey", 25),
                        number("l_partkey", 10),
                        number("l_suppkey", 8),
                        number("l_quantity", 50),
                        number("l_extendedprice", 1000),
                        number("l_discount", 11),
                        number("l_tax", 9),
                        text("l_returnflag", "R", "A", "N"),
                        text("l_linestatus", "O", "F"),
                        date("l_shipdate"),
                        date("l_commitdate"),
                        date("l_receiptdate"),
                        text("l_shipmode", "MAIL", "SHIP", "AIR")));
        return tables;
    }
}
