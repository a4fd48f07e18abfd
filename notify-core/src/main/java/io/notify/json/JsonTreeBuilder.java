package io.notify.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Builds a tree from a parser's tokens. Refuses doubled keys and lone surrogates. The tree's own maps detect a doubled key at
 * no further cost; the parser's detector would keep a second set of names for each object.
 */
final class JsonTreeBuilder {
    private static final int MAX_DIGITS = 1_000;

    private final JsonNodeFactory nodes = JsonNodeFactory.instance;
    private final Deque<ContainerNode<?>> open = new ArrayDeque<>();
    private final @Nullable String keptField;
    private final Keeper keeper;
    private @Nullable JsonNode root;
    private @Nullable String name;
    private long keptFrom;
    /** How many containers are open when the object being kept is the innermost; 0 if none is kept. */
    private int keptDepth;

    JsonTreeBuilder() {
        this(null, (value, from, to) -> {});
    }

    /** Passes to {@code keeper} every outermost object that is the value of a field called {@code keptField}. */
    JsonTreeBuilder(@Nullable String keptField, Keeper keeper) {
        this.keptField = keptField;
        this.keeper = keeper;
    }

    /** Adds the parser's current token; returns true if it completed the value. */
    boolean take(JsonParser parser, JsonToken token) throws IOException {
        switch (token) {
            case START_OBJECT -> openObject(parser);
            case START_ARRAY -> open(nodes.arrayNode());
            case END_OBJECT, END_ARRAY -> close(parser);
            case FIELD_NAME -> name = name(parser);
            case VALUE_STRING -> add(nodes.textNode(text(parser)));
            case VALUE_NUMBER_INT -> add(integer(parser));
            case VALUE_NUMBER_FLOAT -> add(nodes.numberNode(bounded(parser.getDecimalValue())));
            case VALUE_TRUE -> add(nodes.booleanNode(true));
            case VALUE_FALSE -> add(nodes.booleanNode(false));
            case VALUE_NULL -> add(nodes.nullNode());
            default -> throw new MalformedJsonException("JSON: not well-formed");
        }
        return open.isEmpty();
    }

    JsonNode root() {
        if (root == null) {
            throw new IllegalStateException("no value yet");
        }
        return root;
    }

    private void openObject(JsonParser parser) {
        boolean keep = keptDepth == 0 && keptField != null && keptField.equals(name);
        ObjectNode object = nodes.objectNode();
        open(object);
        if (keep) {
            keptDepth = open.size();
            keptFrom = parser.currentTokenLocation().getByteOffset();
        }
    }

    private void open(ContainerNode<?> container) {
        add(container);
        open.push(container);
        name = null;
    }

    private void close(JsonParser parser) {
        ContainerNode<?> closed = open.pop();
        name = null;
        if (open.size() + 1 == keptDepth) {
            keptDepth = 0;
            keeper.keep(closed, keptFrom, parser.currentLocation().getByteOffset());
        }
    }

    private void add(JsonNode value) {
        ContainerNode<?> parent = open.peek();
        if (parent == null) {
            root = value;
        } else if (parent instanceof ObjectNode object) {
            if (object.replace(name, value) != null) {
                throw new MalformedJsonException("JSON: a doubled key");
            }
        } else if (parent instanceof ArrayNode array) {
            array.add(value);
        }
    }

    private JsonNode integer(JsonParser parser) throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> nodes.numberNode(parser.getIntValue());
            case LONG -> nodes.numberNode(parser.getLongValue());
            default -> nodes.numberNode(parser.getBigIntegerValue());
        };
    }

    /** Ten characters such as 1e99999999 would take a hundred megabytes when written out. */
    private static BigDecimal bounded(BigDecimal number) {
        if (Math.abs((long) number.scale()) > MAX_DIGITS || (long) number.precision() - number.scale() > MAX_DIGITS) {
            throw new MalformedJsonException("JSON: a number of more than " + MAX_DIGITS + " digits");
        }
        return number;
    }

    private static String text(JsonParser parser) throws IOException {
        // from the parser's buffer: String.charAt would cost three calls for each character
        requireWhole(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        return parser.getText();
    }

    private static String name(JsonParser parser) throws IOException {
        String name = parser.currentName();
        requireWhole(name.toCharArray(), 0, name.length());
        return name;
    }

    private static void requireWhole(char[] text, int from, int length) {
        int end = from + length;
        for (int i = from; i < end; i++) {
            char c = text[i];
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                if (Character.isLowSurrogate(c) || i + 1 == end || !Character.isLowSurrogate(text[i + 1])) {
                    throw new MalformedJsonException("JSON: a lone surrogate");
                }
                i++;
            }
        }
    }

    /** Receives the position of an object's text. */
    @FunctionalInterface
    interface Keeper {
        /**
         * Keeps an object's text.
         *
         * @param from offset of the first byte
         * @param to offset after the last
         */
        void keep(JsonNode value, long from, long to);
    }
}
