package io.notify.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON parser that accepts only text which every client reads the same way. It refuses doubled keys and lone surrogates,
 * which RFC 8259 leaves open (sections 4 and 8.2), bytes that are not UTF-8 (section 8.1), more than 64 levels, numbers of
 * more than 1,000 digits when written out, and text after the value. Fractions keep every digit.
 *
 * <p>Immutable; any thread; never blocks. Memory and time grow with the text's length, which the caller has to bound; the
 * stack does not grow.
 */
public final class StrictJson {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_DIGITS = 1_000;

    private final JsonFactory factory;

    private StrictJson() {
        StreamReadConstraints limits = StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxNumberLength(MAX_DIGITS)
                // the caller has bounded the whole
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .build();
        // names come from clients and must not fill the JVM's table of interned strings
        this.factory = JsonFactory.builder()
                .streamReadConstraints(limits)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
    }

    /** Returns a parser, which may be shared. */
    public static StrictJson create() {
        return new StrictJson();
    }

    /**
     * Parses one value.
     *
     * @throws MalformedJsonException if it is refused
     */
    public JsonNode parse(byte[] utf8) {
        Utf8.check(utf8);
        return tree(utf8, new JsonTreeBuilder());
    }

    /**
     * Parses one value.
     *
     * @throws MalformedJsonException if it is refused
     */
    public JsonNode parse(String text) {
        // as bytes, like all other JSON: one parser to run and to compile
        return tree(Utf8.bytes(text), new JsonTreeBuilder());
    }

    /**
     * Parses one value and keeps the text of some objects, in one pass: of every object that is the value of a field called
     * {@code field}, unless it is inside an object whose text is kept.
     *
     * @throws MalformedJsonException if it is refused
     */
    public Kept parseKeeping(byte[] utf8, String field) {
        Utf8.check(utf8);
        IdentityHashMap<JsonNode, RawJson> kept = new IdentityHashMap<>(2);
        JsonTreeBuilder builder = new JsonTreeBuilder(
                field,
                (value, from, to) -> kept.put(value, new RawJson(Arrays.copyOfRange(utf8, (int) from, (int) to))));
        return new Kept(tree(utf8, builder), kept);
    }

    private JsonNode tree(byte[] utf8, JsonTreeBuilder builder) {
        try (JsonParser parser = factory.createParser(utf8)) {
            return read(parser, builder);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    private static JsonNode read(JsonParser parser, JsonTreeBuilder builder) {
        try {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw new MalformedJsonException("JSON: empty (expected: a value)");
            }
            while (!builder.take(parser, token)) {
                token = parser.nextToken();
                if (token == null) {
                    throw malformed(parser);
                }
            }
            JsonNode root = builder.root();
            if (parser.nextToken() != null) {
                throw new MalformedJsonException("JSON: more text after the value");
            }
            return root;
        } catch (StreamConstraintsException e) {
            throw new MalformedJsonException(
                    parser.getParsingContext().getNestingDepth() > MAX_DEPTH
                            ? "JSON: deeper than " + MAX_DEPTH + " levels"
                            : "JSON: a number of more than " + MAX_DIGITS + " digits");
        } catch (NumberFormatException e) {
            // an exponent that no BigDecimal can hold
            throw new MalformedJsonException("JSON: a number of more than " + MAX_DIGITS + " digits");
        } catch (IOException e) {
            // its message quotes the text
            throw malformed(parser);
        }
    }

    private static MalformedJsonException malformed(JsonParser parser) {
        var at = parser.currentLocation();
        return new MalformedJsonException(
                "JSON: not well-formed, near line " + at.getLineNr() + ", column " + at.getColumnNr());
    }

    /** A tree and the texts that were kept. Do not change the tree while other threads read it. */
    public static final class Kept {
        private final JsonNode root;
        private final IdentityHashMap<JsonNode, RawJson> texts;

        private Kept(JsonNode root, IdentityHashMap<JsonNode, RawJson> texts) {
            this.root = root;
            this.texts = texts;
        }

        /** The whole value. */
        public JsonNode root() {
            return root;
        }

        /**
         * Returns an object's text, byte for byte as it was parsed, without white space around it.
         *
         * @param object a node of this very tree
         * @return null if its text was not kept
         */
        public @Nullable RawJson text(JsonNode object) {
            return texts.get(object);
        }
    }
}
