package dev.nightsafe.protocol.json;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON with budgets: 72 levels, 8 MiB, no unknown or repeated fields. Numbers keep their digits. Thread-safe. */
public final class Json {
    /** Levels that a caller's own JSON may have: a task's payload, result or report. */
    public static final int MAX_FOREIGN_DEPTH = 64;

    /** More, so that what was taken can be passed on inside lists of records and still be read. */
    private static final int MAX_DEPTH = MAX_FOREIGN_DEPTH + 8;

    private static final int MAX_LENGTH = 8 << 20;

    /** What JSON that is well-formed but over a budget is answered with. */
    public static final String OVER_LIMIT =
            "the JSON has more than 64 levels, or a number of more than 1,000 digits; flatten it, or send the number as text";

    /** What a number is answered with whose exponent has ten digits or more. */
    public static final String OUT_OF_RANGE = "a number in the JSON is out of range; send it as text";

    /** The one mapper. */
    public static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxDocumentLength(MAX_LENGTH)
                            .maxStringLength(MAX_LENGTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .enable(tools.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    public static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** Throws {@link ProblemCode#BAD_REQUEST}, naming line and column, never content. */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw new NightsafeException(ProblemCode.BAD_REQUEST, "the body is null; see the API's description");
            }
            return value;
        } catch (JacksonException e) {
            throw unreadable(e);
        } catch (NumberFormatException e) {
            throw outOfRange(e);
        }
    }

    /** Throws {@link ProblemCode#BAD_REQUEST}. */
    public static JsonNode readTree(byte[] json) {
        try {
            JsonNode node = MAPPER.readTree(json);
            if (node.isMissingNode()) {
                throw new NightsafeException(ProblemCode.BAD_REQUEST, "there is no JSON: the text is empty");
            }
            return node;
        } catch (JacksonException e) {
            throw unreadable(e);
        } catch (NumberFormatException e) {
            throw outOfRange(e);
        }
    }

    /** For a number whose exponent no decimal can have: the mapper lets that pass as a {@link NumberFormatException}. */
    public static NightsafeException outOfRange(NumberFormatException e) {
        return new NightsafeException(ProblemCode.BAD_REQUEST, OUT_OF_RANGE, e);
    }

    /** True when objects and arrays are nested at most this deep; a text or a number is level 0. */
    public static boolean isWithin(JsonNode node, int levels) {
        if (!node.isContainer()) {
            return true;
        }
        return levels > 0 && node.valueStream().allMatch(child -> isWithin(child, levels - 1));
    }

    /** What to tell whoever sent it: line and column, never content. */
    public static NightsafeException unreadable(JacksonException e) {
        if (e instanceof StreamConstraintsException) {
            return new NightsafeException(ProblemCode.BAD_REQUEST, OVER_LIMIT);
        }
        String where = e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        return new NightsafeException(
                ProblemCode.BAD_REQUEST,
                "the body is not the JSON that was expected" + where + "; see the API's description");
    }
}
