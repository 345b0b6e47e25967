package dev.leat.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineFiles;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifests that the build made: that a cluster would take them, and that their parts fit together. */
class ManifestsIT {

    private static final Path FILE = Path.of("target/kubernetes/knative.yml");

    private final Manifests manifests = Manifests.read(FILE);

    ManifestsIT() throws IOException {}

    @Test
    void an_unknown_field_is_refused_however_deep_it_is() throws IOException {
        // Given
        String misspelt = Files.readString(FILE).replace("secretKeyRef:", "secretKeyReff:");

        // When, Then
        assertThatThrownBy(() -> Manifests.parse(misspelt))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("serving.knative.dev/v1/Service")
                .hasMessageContaining("secretKeyReff");
    }

    @Test
    void an_unknown_field_of_the_scaled_object_is_refused() throws IOException {
        // Given
        String misspelt = Files.readString(FILE).replace("lagThreshold:", "lagThreshhold:");

        // When, Then
        assertThatThrownBy(() -> Manifests.parse(misspelt))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lagThreshhold");
    }

    @Test
    void both_parts_run_the_image_of_this_build() {
        // When, Then
        assertThat(query().getImage()).startsWith("leat:").isEqualTo(ingest().getImage());
    }

    @Test
    void each_part_has_its_role() {
        // When, Then
        assertThat(env(query())).containsEntry("LEAT_ROLES", "query");
        assertThat(env(ingest())).containsEntry("LEAT_ROLES", "ingest");
    }

    @Test
    void the_database_account_comes_from_a_secret_that_has_its_keys() {
        // Given
        Secret secret = manifests.all(Secret.class).getFirst();

        // When, Then
        for (Container part : List.of(query(), ingest())) {
            Map<String, SecretKeySelector> references = part.getEnv().stream()
                    .filter(e -> e.getValueFrom() != null)
                    .collect(Collectors.toMap(
                            EnvVar::getName, e -> e.getValueFrom().getSecretKeyRef()));
            assertThat(references).containsOnlyKeys("QUARKUS_DATASOURCE_USERNAME", "QUARKUS_DATASOURCE_PASSWORD");
            assertThat(references.values()).allSatisfy(reference -> {
                assertThat(reference.getName()).isEqualTo(secret.getMetadata().getName());
                assertThat(secret.getStringData()).containsKey(reference.getKey());
            });
        }
    }

    @Test
    void both_parts_are_told_where_the_servers_are() {
        // When, Then
        for (Container part : List.of(query(), ingest())) {
            assertThat(part.getEnvFrom())
                    .extracting(from -> from.getConfigMapRef().getName())
                    .containsExactly("leat");
        }
        assertThat(configMap("leat").getData())
                .containsOnlyKeys(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        "LEAT_REGISTRY_URL",
                        "QUARKUS_DATASOURCE_REACTIVE_URL",
                        "QUARKUS_DATASOURCE_JDBC_URL",
                        "LEAT_PIPELINE",
                        "LEAT_LAKE_LOCATION");
    }

    @Test
    void the_pipeline_is_mounted_where_the_application_looks_for_it() {
        // Given
        Path pipeline = Path.of(configMap("leat").getData().get("LEAT_PIPELINE"));

        // When, Then
        for (PodSpecView pod : List.of(queryPod(), ingestPod())) {
            Volume volume = pod.volumeMountedAt(pipeline.getParent().toString());
            assertThat(configMap(volume.getConfigMap().getName()).getData())
                    .containsOnlyKeys(pipeline.getFileName().toString());
        }
    }

    @Test
    void the_lake_is_a_volume_that_is_claimed() {
        // Given
        PersistentVolumeClaim claim = manifests.all(PersistentVolumeClaim.class).getFirst();

        // When
        Volume volume = ingestPod().volumeMountedAt(configMap("leat").getData().get("LEAT_LAKE_LOCATION"));

        // Then
        assertThat(volume.getPersistentVolumeClaim().getClaimName())
                .isEqualTo(claim.getMetadata().getName());
        assertThat(claim.getSpec().getAccessModes()).containsExactly("ReadWriteMany");
    }

    @Test
    void health_is_probed_and_resources_are_bounded() {
        // When, Then
        for (Container part : List.of(query(), ingest())) {
            assertThat(part.getStartupProbe().getHttpGet().getPath()).isEqualTo("/q/health/started");
            assertThat(part.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/q/health/live");
            assertThat(part.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/q/health/ready");
            assertThat(part.getReadinessProbe().getInitialDelaySeconds()).isIn(null, 0);
            assertThat(part.getPorts()).hasSize(1).allMatch(port -> port.getContainerPort() == 8080);
            assertThat(part.getResources().getRequests()).containsOnlyKeys("cpu", "memory");
            assertThat(part.getResources().getLimits()).containsOnlyKeys("cpu", "memory");
            assertThat(part.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(part.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        }
    }

    @Test
    void queries_scale_from_zero() {
        // When, Then
        assertThat(service().getSpec().getTemplate().getMetadata().getAnnotations())
                .containsEntry("autoscaling.knative.dev/min-scale", "0");
    }

    @Test
    void ingestion_scales_from_zero_on_the_lag_of_each_topic_of_the_pipeline(@TempDir Path folder) throws IOException {
        // Given
        Path file = folder.resolve("pipeline.yaml");
        Files.writeString(file, configMap("leat-pipeline").getData().get("pipeline.yaml"));
        Pipeline pipeline = PipelineFiles.read(file.toString());

        // When
        ScaledObject scaled = manifests.all(ScaledObject.class).getFirst();

        // Then
        assertThat(scaled.spec().scaleTargetRef().name())
                .isEqualTo(deployment().getMetadata().getName());
        assertThat(scaled.spec().minReplicaCount()).isZero();
        assertThat(deployment().getSpec().getReplicas()).isNull();
        assertThat(scaled.spec().triggers())
                .extracting(trigger -> trigger.metadata().topic())
                .containsExactlyInAnyOrderElementsOf(pipeline.topics());
        assertThat(scaled.spec().triggers()).allSatisfy(trigger -> {
            assertThat(trigger.type()).isEqualTo("kafka");
            assertThat(trigger.metadata().bootstrapServers())
                    .isEqualTo(configMap("leat").getData().get("KAFKA_BOOTSTRAP_SERVERS"));
            assertThat(trigger.metadata().consumerGroup()).isEqualTo("leat");
            assertThat(trigger.metadata().limitToPartitionsWithLag()).isEqualTo("true");
            assertThat(Integer.parseInt(trigger.metadata().lagThreshold())).isPositive();
        });
    }

    @Test
    void no_host_outside_the_cluster_is_named() throws IOException {
        // When
        Set<String> values = Stream.of(configMap("leat").getData().values(), List.of(query().getImage()))
                .flatMap(java.util.Collection::stream)
                .collect(Collectors.toSet());

        // Then
        assertThat(values).noneMatch(value -> value.matches("(?i).*\\.(io|com|net|org|cloud)([:/].*)?"));
    }

    private io.fabric8.knative.serving.v1.Service service() {
        return manifests.all(io.fabric8.knative.serving.v1.Service.class).getFirst();
    }

    private Deployment deployment() {
        return manifests.all(Deployment.class).getFirst();
    }

    private Container query() {
        return queryPod().container();
    }

    private Container ingest() {
        return ingestPod().container();
    }

    private PodSpecView queryPod() {
        var spec = service().getSpec().getTemplate().getSpec();
        return new PodSpecView(spec.getContainers(), spec.getVolumes());
    }

    private PodSpecView ingestPod() {
        PodSpec spec = deployment().getSpec().getTemplate().getSpec();
        return new PodSpecView(spec.getContainers(), spec.getVolumes());
    }

    private ConfigMap configMap(String name) {
        return manifests.all(ConfigMap.class).stream()
                .filter(map -> map.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> env(Container container) {
        return container.getEnv().stream()
                .filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }

    /** What Knative's pods and Kubernetes' have in common. */
    private record PodSpecView(List<Container> containers, List<Volume> volumes) {

        Container container() {
            assertThat(containers).hasSize(1);
            return containers.getFirst();
        }

        Volume volumeMountedAt(String path) {
            VolumeMount mount = container().getVolumeMounts().stream()
                    .filter(m -> m.getMountPath().equals(path))
                    .findFirst()
                    .orElseThrow();
            return volumes.stream()
                    .filter(volume -> volume.getName().equals(mount.getName()))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
