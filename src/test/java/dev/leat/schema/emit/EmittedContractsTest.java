package dev.leat.schema.emit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.schema.contract.ContractException;
import dev.leat.schema.registry.ApicurioSchemaRegistry;
import dev.leat.schema.registry.FakeRegistry;
import dev.leat.schema.registry.RegistryAt;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.stack.LocalStack;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a view's columns are written as, and what is refused at start. */
class EmittedContractsTest {

    @TempDir
    Path folder;

    private final FakeRegistry registry = new FakeRegistry();
    private final EmittedContracts contracts = new EmittedContracts(registry);

    @Test
    void columns_become_a_documented_record_nullable_unless_required() {
        EmittedContract contract =
                contracts.derive("big_rides", "rides.big", "A row of view big_rides.", List.of(id(), meta()));

        assertThat(contract.schema().toString())
                .isEqualTo(
                        "{\"type\":\"record\",\"name\":\"BigRides\",\"namespace\":\"leat.views\","
                                + "\"doc\":\"A row of view big_rides.\",\"fields\":["
                                + "{\"name\":\"id\",\"type\":\"string\",\"doc\":\"The ride.\"},"
                                + "{\"name\":\"meta\",\"type\":[\"null\",\"string\"],\"doc\":\"JSON as text.\",\"default\":null}]}");
        assertThat(registry.bySubject).containsKey("rides.big-value");
    }

    @Test
    void a_column_that_comes_later_is_nullable_even_if_it_is_required() {
        // Given
        contracts.derive("v", "t", "doc", List.of(id()));

        // When
        Schema next = contracts
                .derive("v", "t", "doc", List.of(id(), column("n", Kind.INT, true)))
                .schema();

        // Then
        assertThat(next.getField("id").schema().getType()).isEqualTo(Schema.Type.STRING);
        assertThat(next.getField("n").schema().isNullable()).isTrue();
    }

    @Test
    void the_next_version_is_taken_by_a_real_registry_and_another_type_is_refused_with_the_reason() {
        Vertx vertx = Vertx.vertx();
        try {
            // Given
            String topic = "emitted-" + UUID.randomUUID();
            EmittedContracts real = new EmittedContracts(new ApicurioSchemaRegistry(
                    new RegistryAt(LocalStack.shared().registryApi()), vertx));
            EmittedContract first = real.derive("v", topic, "doc", List.of(id()));
            EmittedContract same = real.derive("v", topic, "doc", List.of(id()));

            // When
            EmittedContract next = real.derive("v", topic, "doc", List.of(id(), column("n", Kind.INT, true)));

            // Then
            assertThat(same.id()).isEqualTo(first.id());
            assertThat(next.id()).isNotEqualTo(first.id());
            assertThatThrownBy(() -> real.derive("v", topic, "doc", List.of(id(), column("n", Kind.BOOLEAN, true))))
                    .isInstanceOf(ContractException.class)
                    .hasMessageStartingWith(
                            "views.v.to-topic: the registry refuses what follows from its columns as the"
                                    + " next version of subject " + topic + "-value under rule BACKWARD: ")
                    .hasMessageEndingWith("; change the SELECT so that it fits the rule, or write to another topic");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void a_name_that_avro_does_not_have_is_refused() {
        assertThatThrownBy(() -> contracts.derive("v", "t", "doc", List.of(column("total amount", Kind.INT, false))))
                .isInstanceOf(ContractException.class)
                .hasMessage("views.v.to-topic: column \"total amount\" can't be called so in Avro, where names are of"
                        + " letters, digits and _; give it another name with AS");
    }

    @Test
    void columns_fill_the_fields_of_a_declared_contract_by_name_alias_or_default() throws IOException {
        String path = contract("{\"name\": \"n\", \"type\": \"long\"},"
                + "{\"name\": \"ride_id\", \"type\": \"string\", \"aliases\": [\"id\"]},"
                + "{\"name\": \"kind\", \"type\": \"string\", \"default\": \"old\"}");

        EmittedContract contract =
                contracts.declare("v", "t", path, List.of(id(), column("n", Kind.INT, false)), Set.of());

        assertThat(contract.columns()).containsExactly(1, 0, -1);
    }

    @Test
    void a_field_that_nothing_fills_is_named() throws IOException {
        String path = contract("{\"name\": \"id\", \"type\": \"string\"}, {\"name\": \"gone\", \"type\": \"int\"}");

        assertThatThrownBy(() -> contracts.declare("v", "t", path, List.of(id()), Set.of()))
                .isInstanceOf(ContractException.class)
                .hasMessage("views.v.to-topic.contract: " + path + ": no column of the SELECT fills field `gone`, which"
                        + " has no default; add one with AS \"gone\"");
    }

    @Test
    void a_type_that_does_not_fit_is_named() throws IOException {
        String path = contract("{\"name\": \"id\", \"type\": [\"null\", \"int\"]}");

        assertThatThrownBy(() -> contracts.declare("v", "t", path, List.of(column("id", Kind.LONG, true)), Set.of()))
                .isInstanceOf(ContractException.class)
                .hasMessage("views.v.to-topic.contract: " + path + ": column `id` is bigint, which field `id` of type"
                        + " \"int\" can't hold; cast it in the SELECT");
    }

    @Test
    void a_column_without_a_field_is_refused_unless_it_is_in_the_key() throws IOException {
        String path = contract("{\"name\": \"id\", \"type\": \"string\"}");
        List<Column> columns = List.of(id(), column("n", Kind.INT, false));

        assertThat(contracts.declare("v", "t", path, columns, Set.of("n")).columns())
                .containsExactly(0);
        assertThatThrownBy(() -> contracts.declare("v", "t", path, columns, Set.of()))
                .isInstanceOf(ContractException.class)
                .hasMessage(
                        "views.v.to-topic.contract: " + path + ": the contract has no field for column `n`; leave it"
                                + " out of the SELECT, or name it with AS as the field is named");
    }

    private String contract(String fields) throws IOException {
        return Files.writeString(
                        folder.resolve("old.avsc"),
                        "{\"type\": \"record\", \"name\": \"t.Old\", \"fields\": [" + fields + "]}")
                .toString();
    }

    private static Column id() {
        return new Column("id", ColumnType.of(Kind.STRING), true, "The ride.");
    }

    private static Column meta() {
        return column("meta", Kind.JSON, false);
    }

    private static Column column(String name, Kind kind, boolean required) {
        return new Column(name, ColumnType.of(kind), required, "");
    }
}
