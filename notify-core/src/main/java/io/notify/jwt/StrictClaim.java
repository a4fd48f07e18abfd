package io.notify.jwt;

import com.auth0.jwt.exceptions.JWTDecodeException;
import com.auth0.jwt.interfaces.Claim;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One claim of a {@link StrictJwt}: null wherever its value is of another kind than asked for, as the library has it. */
record StrictClaim(JsonNode value) implements Claim {
    @Override
    public boolean isMissing() {
        return value.isMissingNode();
    }

    @Override
    public boolean isNull() {
        return value.isNull();
    }

    @Override
    public @Nullable Boolean asBoolean() {
        return value.isBoolean() ? value.booleanValue() : null;
    }

    @Override
    public @Nullable Integer asInt() {
        return value.isNumber() ? value.intValue() : null;
    }

    @Override
    public @Nullable Long asLong() {
        return value.isNumber() ? value.longValue() : null;
    }

    @Override
    public @Nullable Double asDouble() {
        return value.isNumber() ? value.doubleValue() : null;
    }

    @Override
    public @Nullable String asString() {
        return value.textValue();
    }

    /** Seconds since 1970 (RFC 7519, section 2, NumericDate); a fraction is cut off. */
    @Override
    public @Nullable Instant asInstant() {
        return value.isNumber() && value.canConvertToLong() ? Instant.ofEpochSecond(value.longValue()) : null;
    }

    @Override
    public @Nullable Date asDate() {
        Instant instant = asInstant();
        return instant == null ? null : Date.from(instant);
    }

    @Override
    @SuppressWarnings("unchecked") // an array type's class is the array's
    public <T> T @Nullable [] asArray(Class<T> type) {
        return value.isArray() ? convert(value, (Class<T[]>) type.arrayType()) : null;
    }

    @Override
    public <T> @Nullable List<T> asList(Class<T> type) {
        if (!value.isArray()) {
            return null;
        }
        List<T> all = new ArrayList<>(value.size());
        for (JsonNode element : value) {
            all.add(convert(element, type));
        }
        return all;
    }

    @Override
    @SuppressWarnings("unchecked") // an object's keys are texts
    public @Nullable Map<String, Object> asMap() {
        return value.isObject() ? convert(value, Map.class) : null;
    }

    @Override
    public <T> @Nullable T as(Class<T> type) {
        return isMissing() || isNull() ? null : convert(value, type);
    }

    private static <T> T convert(JsonNode node, Class<T> type) {
        try {
            // no claim that is looked at here needs one
            return new ObjectMapper().convertValue(node, type);
        } catch (IllegalArgumentException e) {
            throw new JWTDecodeException("the claim is no " + type.getSimpleName());
        }
    }
}
