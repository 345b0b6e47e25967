package dev.leat.schema.registry;

import com.microsoft.kiota.ApiException;
import dev.leat.pipeline.Stream.Compatibility;
import dev.leat.schema.registry.ReferencedSchemas.Artifact;
import dev.leat.schema.registry.ReferencedSchemas.Reference;
import dev.leat.schema.registry.ReferencedSchemas.Text;
import io.apicurio.registry.client.RegistryClientFactory;
import io.apicurio.registry.client.common.RegistryClientOptions;
import io.apicurio.registry.rest.client.RegistryClient;
import io.apicurio.registry.rest.client.groups.item.artifacts.item.rules.RulesRequestBuilder;
import io.apicurio.registry.rest.client.models.ArtifactReference;
import io.apicurio.registry.rest.client.models.CreateArtifact;
import io.apicurio.registry.rest.client.models.CreateArtifactResponse;
import io.apicurio.registry.rest.client.models.CreateRule;
import io.apicurio.registry.rest.client.models.CreateVersion;
import io.apicurio.registry.rest.client.models.IfArtifactExists;
import io.apicurio.registry.rest.client.models.Rule;
import io.apicurio.registry.rest.client.models.RuleType;
import io.apicurio.registry.rest.client.models.SearchedVersion;
import io.apicurio.registry.rest.client.models.SortOrder;
import io.apicurio.registry.rest.client.models.VersionContent;
import io.apicurio.registry.rest.client.models.VersionSearchResults;
import io.apicurio.registry.rest.client.models.VersionSortBy;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/** Apicurio Registry over its core API, version 3. Thread-safe; blocks, so never call it on an event loop. */
public final class ApicurioSchemaRegistry implements SchemaRegistry {

    /** Versions that are listed at once. */
    private static final int PAGE = 100;

    private final RegistryClient client;
    private final String group;
    private final RegistryCalls calls;

    public ApicurioSchemaRegistry(RegistryConfig config, Vertx vertx) {
        this.client = RegistryClientFactory.create(
                RegistryClientOptions.create(config.url()).vertx(vertx));
        this.group = config.group();
        this.calls = new RegistryCalls(config.url(), config.timeout());
    }

    @Override
    public Optional<Schema> schema(SchemaId id) {
        return calls.ask(() -> text(id)).map(this::parse);
    }

    private Text text(SchemaId id) {
        return switch (id.kind()) {
            case CONTENT -> {
                var builder = client.ids().contentIds().byContentId(id.value());
                yield text(builder.references().get(), builder.get());
            }
            case GLOBAL -> {
                var builder = client.ids().globalIds().byGlobalId(id.value());
                yield text(builder.references().get(), builder.get());
            }
        };
    }

    /** Asks for each text that this one refers to by itself: there may be more than can be asked for in one call's time. */
    private Schema parse(Text text) {
        return new ReferencedSchemas(this::referenced).parse(text);
    }

    @Override
    public Optional<Schema> latest(String subject) {
        return calls.ask(() -> version(group, subject, "branch=latest")).map(this::parse);
    }

    private Text version(String group, String artifact, String version) {
        var builder = client.groups()
                .byGroupId(group)
                .artifacts()
                .byArtifactId(artifact)
                .versions()
                .byVersionExpression(version);
        return text(builder.references().get(), builder.content().get());
    }

    private Optional<Text> referenced(Reference reference) {
        Artifact artifact = reference.artifact();
        return calls.ask(() -> version(artifact.group(), artifact.id(), artifact.version()));
    }

    @Override
    public Optional<Subject> subject(String subject) {
        return calls.ask(() -> {
            List<Subject.Version> versions = new ArrayList<>();
            VersionSearchResults page;
            do {
                page = page(subject, versions.size());
                page.getVersions().stream().map(ApicurioSchemaRegistry::version).forEach(versions::add);
            } while (page.getVersions().size() == PAGE);
            return new Subject(rule(subject), List.copyOf(versions));
        });
    }

    private static Subject.Version version(SearchedVersion version) {
        return new Subject.Version(
                version.getVersion(),
                version.getContentId(),
                version.getCreatedOn().toInstant(),
                version.getState().getValue());
    }

    private VersionSearchResults page(String subject, int from) {
        return client.groups()
                .byGroupId(group)
                .artifacts()
                .byArtifactId(subject)
                .versions()
                .get(request -> {
                    request.queryParameters.offset = from;
                    request.queryParameters.limit = PAGE;
                    request.queryParameters.orderby = VersionSortBy.GlobalId;
                    request.queryParameters.order = SortOrder.Asc;
                });
    }

    private Optional<String> rule(String subject) {
        return calls.ask(() -> rules(subject)
                .byRuleType(RuleType.COMPATIBILITY.getValue())
                .get()
                .getConfig());
    }

    @Override
    public long register(String subject, String avsc, Compatibility compatibility) {
        try {
            // Before the version, so that a changed rule counts for it.
            boolean isKnown = calls.ask(() -> setRules(subject, compatibility)).isPresent();
            long contentId = post(subject, avsc, false);
            if (!isKnown) {
                calls.ask(() -> setRules(subject, compatibility));
            }
            return contentId;
        } catch (ApiException e) {
            throw new RefusedVersion(subject, RegistryCalls.reason(e));
        }
    }

    @Override
    public void check(String subject, String avsc) {
        try {
            post(subject, avsc, true);
        } catch (ApiException e) {
            throw new RefusedVersion(subject, RegistryCalls.reason(e));
        }
    }

    /** @return the content id of the version; 0 when this run is dry */
    private long post(String subject, String avsc, boolean dryRun) {
        CreateArtifactResponse answer = calls.ask(
                        () -> client.groups().byGroupId(group).artifacts().post(artifact(subject, avsc), request -> {
                            request.queryParameters.ifExists = IfArtifactExists.FIND_OR_CREATE_VERSION;
                            request.queryParameters.dryRun = dryRun;
                        }))
                .orElseThrow(() -> calls.outage("has no group " + group, null));
        return dryRun ? 0 : answer.getVersion().getContentId();
    }

    private static CreateArtifact artifact(String subject, String avsc) {
        VersionContent content = new VersionContent();
        content.setContent(avsc);
        content.setContentType("application/json");
        CreateVersion version = new CreateVersion();
        version.setContent(content);
        CreateArtifact artifact = new CreateArtifact();
        artifact.setArtifactId(subject);
        artifact.setArtifactType("AVRO");
        artifact.setFirstVersion(version);
        return artifact;
    }

    /** The registry then also refuses texts that are no Avro schema, whoever sends them. */
    private Compatibility setRules(String subject, Compatibility compatibility) {
        setRule(subject, RuleType.VALIDITY, "FULL");
        setRule(subject, RuleType.COMPATIBILITY, compatibility.name());
        return compatibility;
    }

    private void setRule(String subject, RuleType type, String config) {
        try {
            CreateRule rule = new CreateRule();
            rule.setRuleType(type);
            rule.setConfig(config);
            rules(subject).post(rule);
        } catch (ApiException e) {
            if (e.getResponseStatusCode() != RegistryCalls.CONFLICT) {
                throw e;
            }
            Rule rule = new Rule();
            rule.setRuleType(type);
            rule.setConfig(config);
            rules(subject).byRuleType(type.getValue()).put(rule);
        }
    }

    private RulesRequestBuilder rules(String subject) {
        return client.groups()
                .byGroupId(group)
                .artifacts()
                .byArtifactId(subject)
                .rules();
    }

    private static Text text(List<ArtifactReference> references, InputStream content) {
        return new Text(
                text(content),
                references == null
                        ? List.of()
                        : references.stream()
                                .map(ApicurioSchemaRegistry::reference)
                                .toList());
    }

    private static Reference reference(ArtifactReference reference) {
        String group = reference.getGroupId();
        return new Reference(
                reference.getName(),
                new Artifact(group == null ? "default" : group, reference.getArtifactId(), reference.getVersion()));
    }

    private static String text(InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
