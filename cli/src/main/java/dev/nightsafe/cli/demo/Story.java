package dev.nightsafe.cli.demo;

import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Style;
import java.io.PrintStream;

/** What the demo tells, step by step. */
final class Story {
    static final String INDENT = "    ";

    private final PrintStream out;
    private final Style style;
    private final Output output;
    private int step;

    /** @param output where results go; the story goes there too, unless that is for programs */
    Story(Output output) {
        this.out = output.isJson() ? output.terminal().err() : output.terminal().out();
        this.style = output.terminal().style();
        this.output = output.forPeople(out, INDENT);
    }

    /** Begins the next step. */
    void step(String title) {
        out.println();
        out.println(style.strong(++step + "  " + title));
        out.flush();
    }

    void say(String text) {
        output.lines(text);
        out.flush();
    }

    /** A line without a step's indentation. */
    void headline(String text) {
        out.println(text);
        out.flush();
    }

    /** For tables and the like, indented. */
    Output output() {
        return output;
    }

    /** For what is shown under a title of its own. */
    Output quoted() {
        return output.forPeople(out, INDENT + "  ");
    }

    Style style() {
        return style;
    }
}
