package dev.nightsafe.protocol.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The fields of one object in a report, read strictly. Each method throws {@link UnfitReport}. */
final class ReportFields {
    private final String place;
    private final JsonNode object;

    /** @param place how errors name it, {@code ""} for the whole report */
    ReportFields(String place, JsonNode object, List<String> known) {
        this.place = place;
        this.object = object;
        String name = place.isEmpty() ? "the report" : place;
        if (!object.isObject()) {
            throw new UnfitReport(name + " must be an object");
        }
        if (!Set.copyOf(known).containsAll(object.propertyNames())) {
            throw new UnfitReport(name + " has a name that isn't known; known are: " + String.join(", ", known));
        }
    }

    boolean has(String name) {
        return object.has(name);
    }

    String text(String name, int most) {
        return text(at(name), required(name), most);
    }

    @Nullable
    String maybeText(String name, int most) {
        return has(name) ? text(name, most) : null;
    }

    String oneOf(String name, List<String> choices) {
        JsonNode node = required(name);
        if (!node.isString() || !choices.contains(node.asString())) {
            int last = choices.size() - 1;
            throw new UnfitReport(
                    at(name) + " must be " + String.join(", ", choices.subList(0, last)) + " or " + choices.get(last));
        }
        return node.asString();
    }

    int number(String name, int least, int most) {
        JsonNode node = required(name);
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < least || node.intValue() > most) {
            throw new UnfitReport(at(name) + " must be a whole number from " + least + " to " + most);
        }
        return node.intValue();
    }

    List<String> texts(String name, int mostItems, int most) {
        return list(name, mostItems, (where, node) -> text(where, node, most));
    }

    /** An absent list is empty. */
    <T> List<T> list(String name, int mostItems, BiFunction<String, JsonNode, T> item) {
        if (!has(name)) {
            return List.of();
        }
        JsonNode list = required(name);
        if (!list.isArray()) {
            throw new UnfitReport(at(name) + " must be a list");
        }
        if (list.size() > mostItems) {
            throw new UnfitReport(at(name) + " has more than " + mostItems + " items");
        }
        List<T> items = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            items.add(item.apply(at(name) + "[" + i + "]", list.get(i)));
        }
        return List.copyOf(items);
    }

    private JsonNode required(String name) {
        JsonNode node = object.get(name);
        if (node == null) {
            throw new UnfitReport(at(name) + " is missing");
        }
        return node;
    }

    private static String text(String place, JsonNode node, int most) {
        if (!node.isString()) {
            throw new UnfitReport(place + " must be a text");
        }
        String text = node.asString();
        if (text.codePoints().anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
            throw new UnfitReport(place + " has a lone surrogate, which isn't Unicode");
        }
        if (text.length() > most && text.codePointCount(0, text.length()) > most) {
            throw new UnfitReport(place + " has more than " + most + " characters");
        }
        return text;
    }

    private String at(String name) {
        return place.isEmpty() ? name : place + "." + name;
    }
}
