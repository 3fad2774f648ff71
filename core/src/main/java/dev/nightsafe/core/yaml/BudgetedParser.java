package dev.nightsafe.core.yaml;

import java.util.Optional;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.parser.Parser;

/** Counts what a parser finds before anything is built from it, so that no document costs more than its budget. */
final class BudgetedParser implements Parser {
    private final Parser parser;
    private final String file;
    private final Faults faults;
    private int depth;
    private int nodes;
    private int aliases;
    private int documents;

    BudgetedParser(Parser parser, String file, Faults faults) {
        this.parser = parser;
        this.file = file;
        this.faults = faults;
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
        return parser.hasNext();
    }

    @Override
    public Event next() {
        Event event = parser.next();
        switch (event) {
            case DocumentStartEvent _ ->
                limit(event, ++documents, 1, "a second document starts here; one file holds one");
            case CollectionStartEvent start -> {
                limit(event, ++depth, Yaml.MAX_DEPTH, "deeper than " + Yaml.MAX_DEPTH + " levels; flatten it");
                node(event, start.getTag());
            }
            case CollectionEndEvent _ -> depth--;
            case ScalarEvent scalar -> node(event, scalar.getTag());
            case AliasEvent _ ->
                limit(event, ++aliases, Yaml.MAX_ALIASES, "more than " + Yaml.MAX_ALIASES + " aliases; write it out");
            default -> {}
        }
        return event;
    }

    private void node(Event event, Optional<String> tag) {
        limit(event, ++nodes, Yaml.MAX_NODES, "more than " + Yaml.MAX_NODES + " values; use several files");
        if (tag.isPresent()) {
            faults.add(at(event), "tags ('!…') are not taken; remove it, or put the text in quotes");
        }
    }

    private void limit(Event event, int count, int most, String what) {
        if (count > most) {
            throw new StopReading(at(event), what);
        }
    }

    private Position at(Event event) {
        return Yaml.position(file, event.getStartMark());
    }
}
