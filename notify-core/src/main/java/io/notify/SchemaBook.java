package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.notify.json.MalformedJsonException;
import io.notify.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Holds compiled schemas; one that is not a schema, or that points outside itself, never gets in. */
final class SchemaBook implements PayloadSchemas {
    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_SCHEMAS = 1_000;
    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";
    private static final List<String> REFERENCES = List.of("$ref", "$dynamicRef");

    private final StrictJson json = StrictJson.create();
    private final ConcurrentMap<String, Entry> schemas = new ConcurrentHashMap<>();

    private record Entry(String text, Schema schema) {}

    SchemaBook(Map<String, String> initial) {
        initial.forEach(this::register);
    }

    @Override
    public void register(String event, String schema) {
        Names.event("event", event);
        Entry entry = new Entry(schema, compile(schema));
        schemas.compute(event, (name, known) -> {
            if (known == null && schemas.size() >= MAX_SCHEMAS) {
                throw new IllegalArgumentException("schema: there are " + MAX_SCHEMAS + " (expected: no more)");
            }
            return entry;
        });
    }

    private Schema compile(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException("schema: more than " + MAX_BYTES + " bytes (expected: at most)");
        }
        JsonNode tree;
        try {
            tree = json.parse(text);
        } catch (MalformedJsonException e) {
            throw new IllegalArgumentException("schema: " + e.getMessage());
        }
        if (!tree.isObject()) {
            throw new IllegalArgumentException("schema: no object (expected: a JSON Schema object)");
        }
        String draft = tree.path("$schema").asText(DRAFT);
        if (!draft.equals(DRAFT)) {
            throw new IllegalArgumentException("schema: $schema is another (expected: " + DRAFT + ")");
        }
        requireOwnReferences(tree);
        // a registry for each: what one schema names by $id is no other's to use
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        try {
            for (Error error : registry.getSchema(SchemaLocation.of(DRAFT)).validate(tree)) {
                throw new IllegalArgumentException(
                        "schema: " + error.getInstanceLocation() + ": " + error.getMessage());
            }
            Schema schema = registry.getSchema(tree);
            schema.initializeValidators();
            return schema;
        } catch (SchemaException e) {
            throw new IllegalArgumentException("schema: " + e.getMessage(), e);
        }
    }

    private static void requireOwnReferences(JsonNode node) {
        for (String keyword : REFERENCES) {
            JsonNode target = node.path(keyword);
            if (target.isTextual() && !target.textValue().startsWith("#")) {
                throw new IllegalArgumentException("schema: " + keyword + " points elsewhere (expected: #...)");
            }
        }
        for (Iterator<JsonNode> children = node.elements(); children.hasNext(); ) {
            requireOwnReferences(children.next());
        }
    }

    @Override
    public boolean remove(String event) {
        return schemas.remove(event) != null;
    }

    @Override
    public Optional<String> find(String event) {
        return Optional.ofNullable(schemas.get(event)).map(Entry::text);
    }

    @Override
    public SortedMap<String, String> all() {
        SortedMap<String, String> all = new TreeMap<>();
        schemas.forEach((event, entry) -> all.put(event, entry.text()));
        return all;
    }

    /** Whether an event's data is looked at. */
    boolean has(String event) {
        return schemas.containsKey(event);
    }

    /**
     * Holds data against its event's schema.
     *
     * @throws InvalidNotificationException naming the first field that does not fit
     */
    void check(String event, JsonNode data) {
        Entry entry = schemas.get(event);
        if (entry == null) {
            return;
        }
        for (Error error : entry.schema().validate(data)) {
            throw new InvalidNotificationException(
                    field(String.valueOf(error.getInstanceLocation()), error.getProperty()), error.getMessage());
        }
    }

    /** A JSON pointer within the data, and a property that is missing there or too much, as a dotted name. */
    private static String field(String pointer, @Nullable String property) {
        StringBuilder field = new StringBuilder("data");
        for (String step : pointer.split("/", -1)) {
            String name = step.replace("~1", "/").replace("~0", "~");
            if (!name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
                field.append('[').append(name).append(']');
            } else if (!name.isEmpty()) {
                field.append('.').append(name);
            }
        }
        return property == null ? field.toString() : field + "." + property;
    }
}
