package dev.leat.schema;

import com.microsoft.kiota.ApiException;
import dev.leat.pipeline.Stream.Compatibility;
import io.apicurio.registry.client.RegistryClientFactory;
import io.apicurio.registry.client.common.RegistryClientOptions;
import io.apicurio.registry.rest.client.RegistryClient;
import io.apicurio.registry.rest.client.models.ArtifactReference;
import io.apicurio.registry.rest.client.models.CreateArtifact;
import io.apicurio.registry.rest.client.models.CreateRule;
import io.apicurio.registry.rest.client.models.CreateVersion;
import io.apicurio.registry.rest.client.models.IfArtifactExists;
import io.apicurio.registry.rest.client.models.ProblemDetails;
import io.apicurio.registry.rest.client.models.Rule;
import io.apicurio.registry.rest.client.models.RuleType;
import io.apicurio.registry.rest.client.models.VersionContent;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** Apicurio Registry over its core API, version 3. Thread-safe; blocks, so never call it on an event loop. */
final class ApicurioSchemaRegistry implements SchemaRegistry {

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int BAD_REQUEST = 400;

    private final RegistryClient client;
    private final String group;
    private final String url;

    ApicurioSchemaRegistry(RegistryConfig config, Vertx vertx) {
        this.client = RegistryClientFactory.create(
                RegistryClientOptions.create(config.url()).vertx(vertx));
        this.group = config.group();
        this.url = config.url();
    }

    @Override
    public Optional<Schema> schema(SchemaId id) {
        return ask(() -> switch (id.kind()) {
            case CONTENT -> {
                var builder = client.ids().contentIds().byContentId(id.value());
                yield parse(builder.references().get(), builder.get());
            }
            case GLOBAL -> {
                var builder = client.ids().globalIds().byGlobalId(id.value());
                yield parse(builder.references().get(), builder.get());
            }
        });
    }

    private Schema parse(List<ArtifactReference> references, InputStream content) {
        Schema.Parser parser = new Schema.Parser();
        parseReferences(parser, references);
        return parse(parser, text(content));
    }

    @Override
    public Optional<Schema> latest(String subject) {
        return ask(() -> version(subject, "branch=latest"));
    }

    private Schema version(String subject, String version) {
        var builder = client.groups()
                .byGroupId(group)
                .artifacts()
                .byArtifactId(subject)
                .versions()
                .byVersionExpression(version);
        return parse(builder.references().get(), builder.content().get());
    }

    /** The schema's own text has only the names of these; one parser learns them first, the innermost before all. */
    private void parseReferences(Schema.Parser parser, List<ArtifactReference> references) {
        for (ArtifactReference reference : references == null ? List.<ArtifactReference>of() : references) {
            if (parser.getTypes().containsKey(reference.getName())) {
                continue;
            }
            var builder = client.groups()
                    .byGroupId(reference.getGroupId() == null ? "default" : reference.getGroupId())
                    .artifacts()
                    .byArtifactId(reference.getArtifactId())
                    .versions()
                    .byVersionExpression(reference.getVersion());
            parseReferences(parser, builder.references().get());
            parse(parser, text(builder.content().get()));
        }
    }

    @Override
    public void register(String subject, String avsc, Compatibility rule) {
        try {
            ask(() -> {
                client.groups()
                        .byGroupId(group)
                        .artifacts()
                        .post(
                                artifact(subject, avsc),
                                request -> request.queryParameters.ifExists = IfArtifactExists.FIND_OR_CREATE_VERSION);
                setRule(subject, rule);
                return subject;
            });
        } catch (ApiException e) {
            throw new ContractException("the registry refuses the contract of subject " + subject + ": " + message(e)
                    + "; change the contract so that it fits rule " + rule + ", or set `compatibility:` of the stream");
        }
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

    private void setRule(String subject, Compatibility compatibility) {
        var rules = client.groups()
                .byGroupId(group)
                .artifacts()
                .byArtifactId(subject)
                .rules();
        try {
            CreateRule rule = new CreateRule();
            rule.setRuleType(RuleType.COMPATIBILITY);
            rule.setConfig(compatibility.name());
            rules.post(rule);
        } catch (ApiException e) {
            if (e.getResponseStatusCode() != CONFLICT) {
                throw e;
            }
            Rule rule = new Rule();
            rule.setRuleType(RuleType.COMPATIBILITY);
            rule.setConfig(compatibility.name());
            rules.byRuleType(RuleType.COMPATIBILITY.getValue()).put(rule);
        }
    }

    /** Empty for "not found"; the registry's own refusals pass; everything else is an outage. */
    private <T> Optional<T> ask(Supplier<T> question) {
        try {
            return Optional.of(question.get());
        } catch (ApiException e) {
            if (e.getResponseStatusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            if (e.getResponseStatusCode() == CONFLICT || e.getResponseStatusCode() == BAD_REQUEST) {
                throw e;
            }
            throw new RegistryOutage("registry " + url + " answers " + e.getResponseStatusCode(), e);
        } catch (ContractException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new RegistryOutage("registry " + url + " doesn't answer: " + e.getMessage(), e);
        }
    }

    private static String message(ApiException e) {
        return e instanceof ProblemDetails problem && problem.getTitle() != null ? problem.getTitle() : e.getMessage();
    }

    private static Schema parse(Schema.Parser parser, String text) {
        try {
            return parser.parse(text);
        } catch (AvroRuntimeException e) {
            throw new ContractException("the registry gave a text that is no Avro schema: " + e.getMessage());
        }
    }

    private static String text(InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
