package dev.nightsafe.runner.outbound;

import com.google.re2j.Pattern;
import dev.nightsafe.protocol.json.Json;
import dev.nightsafe.runner.local.SanitizeRule;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes what programs say fit to leave: the operator's rules, and no control of a terminal in text. Thread-safe. */
final class Sanitizer {
    /** CSI, strings up to their end (titles, links, clipboard), and the short ones; ECMA-48. */
    private static final Pattern ESCAPES = Pattern.compile("(?:\\x1b\\[|\\x{9b})[0-?]*[ -/]*[@-~]"
            + "|(?:\\x1b[\\]PX^_]|[\\x{90}\\x{98}\\x{9d}-\\x{9f}])[^\\x07\\x1b\\x{9c}]*(?:\\x07|\\x1b\\\\|\\x{9c})"
            + "|\\x1b[ -/]*[0-~]");

    private final List<SanitizeRule> rules;

    Sanitizer(List<SanitizeRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** False when data passes as it is. */
    boolean hasRules() {
        return !rules.isEmpty();
    }

    /** For people to read: lines and tabs stay, nothing else that steers a terminal or the order of writing does. */
    String text(String text) {
        return ruled(plain(text));
    }

    /** As {@link #text} for each text in it. */
    JsonNode texts(JsonNode node) {
        return each(node, true);
    }

    /**
     * For programs to read: the rules alone, on names, texts and whole numbers, so that without a rule it stays exactly
     * what was returned. A number that a rule changes becomes a text.
     */
    JsonNode data(JsonNode node) {
        return each(node, false);
    }

    private JsonNode each(JsonNode node, boolean plain) {
        if (node.isObject()) {
            ObjectNode object = Json.MAPPER.createObjectNode();
            node.properties()
                    .forEach(entry -> object.set(
                            unused(object, plain ? entry.getKey() : ruled(entry.getKey())),
                            each(entry.getValue(), plain)));
            return object;
        }
        if (node.isArray()) {
            ArrayNode array = Json.MAPPER.createArrayNode();
            node.forEach(item -> array.add(each(item, plain)));
            return array;
        }
        if (node.isString()) {
            return Json.MAPPER.getNodeFactory().stringNode(plain ? text(node.asString()) : ruled(node.asString()));
        }
        return node.isIntegralNumber() && !plain ? number(node) : node;
    }

    private JsonNode number(JsonNode node) {
        String digits = node.asString();
        String ruled = ruled(digits);
        return ruled.equals(digits) ? node : Json.MAPPER.getNodeFactory().stringNode(ruled);
    }

    /** Two names may become the same; neither value is lost. */
    private static String unused(ObjectNode object, String name) {
        String unused = name;
        for (int i = 2; object.has(unused); i++) {
            unused = name + " (" + i + ")";
        }
        return unused;
    }

    private String ruled(String text) {
        String ruled = text;
        for (SanitizeRule rule : rules) {
            ruled = rule.apply(ruled);
        }
        return ruled;
    }

    private static String plain(String text) {
        if (text.chars().noneMatch(Sanitizer::isControl)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        ESCAPES.matcher(text).replaceAll("").replace("\r\n", "\n").chars().forEach(c -> {
            if (c == '\r' || c == '\u0085' || c == '\u2028' || c == '\u2029') {
                out.append('\n');
            } else if (!isControl(c)) {
                out.append((char) c);
            }
        });
        return out.toString();
    }

    /** C0, DEL, C1, line and paragraph separators, and what turns the direction of writing. */
    private static boolean isControl(int c) {
        return (c < 0x20 && c != '\n' && c != '\t')
                || (c >= 0x7f && c <= 0x9f)
                || c == 0x061c
                || c == 0x200e
                || c == 0x200f
                || (c >= 0x2028 && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069);
    }
}
