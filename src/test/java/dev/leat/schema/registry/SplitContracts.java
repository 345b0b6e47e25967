package dev.leat.schema.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.leat.pipeline.Stream.Compatibility;
import dev.leat.schema.registry.ReferencedSchemas.Reference;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** Registers contracts with each record and enum in them under a subject of its own, which their texts refer to. */
public record SplitContracts(VersionedRegistry registry) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @return the id */
    public long register(String subject, Schema contract) {
        try {
            ObjectNode whole = (ObjectNode) JSON.readTree(contract.toString());
            String namespace = contract.getNamespace();
            List<Reference> references = new ArrayList<>();
            whole.set("fields", split(whole.get("fields"), namespace, subject, references));
            return registry.register(subject, whole.toString(), references);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode split(JsonNode part, String namespace, String subject, List<Reference> references) {
        if (part instanceof ArrayNode all) {
            ArrayNode split = JSON.createArrayNode();
            all.forEach(each -> split.add(split(each, namespace, subject, references)));
            return split;
        }
        if (!(part instanceof ObjectNode object)) {
            return part;
        }
        String kind = object.path("type").asText();
        if (kind.equals("record") || kind.equals("enum")) {
            String name = object.path("namespace").asText(namespace) + "."
                    + object.path("name").asText();
            registered(name, object, subject, references);
            return TextNode.valueOf(name);
        }
        for (String inner : new String[] {"type", "items", "values"}) {
            if (object.has(inner)) {
                object.set(inner, split(object.get(inner), namespace, subject, references));
            }
        }
        return object;
    }

    private void registered(String name, ObjectNode type, String subject, List<Reference> references) {
        String namespace = name.substring(0, name.lastIndexOf('.'));
        List<Reference> inner = new ArrayList<>();
        if (type.has("fields")) {
            type.set("fields", split(type.get("fields"), namespace, subject, inner));
        }
        type.put("namespace", namespace);
        String own = subject + "-" + name;
        references.add(registry.reference(name, own, registry.register(own, type.toString(), inner)));
    }

    /** The same without references. */
    public long registerWhole(String subject, Schema contract) {
        return registry.register(subject, contract.toString(), Compatibility.NONE);
    }
}
