package dev.nightsafe.cli.platform;

import dev.nightsafe.protocol.json.Json;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.ObjectWriter;

/** Shows the same thing as a table to people or as JSON to programs. */
public final class Output {
    private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");
    private static final Separators SEPARATORS =
            Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER);

    private final Terminal terminal;
    private final OutputFormat format;
    private final PrintStream out;
    private final String indent;

    Output(Terminal terminal, OutputFormat format) {
        this(terminal, format, terminal.out(), "");
    }

    private Output(Terminal terminal, OutputFormat format, PrintStream out, String indent) {
        this.terminal = terminal;
        this.format = format;
        this.out = out;
        this.indent = indent;
    }

    /** For people, to another stream, with something before each line. */
    public Output forPeople(PrintStream to, String before) {
        return new Output(terminal, OutputFormat.TABLE, to, before);
    }

    public Terminal terminal() {
        return terminal;
    }

    public boolean isJson() {
        return format == OutputFormat.JSON;
    }

    /** Prints {@code value} as JSON, or lets {@code people} print it. */
    public <T> void show(T value, Consumer<T> people) {
        if (isJson()) {
            json(value);
        } else {
            people.accept(value);
        }
    }

    /** Says what was done: a sentence for people, the fields for programs. */
    public void done(String sentence, Object... namesAndValues) {
        if (!isJson()) {
            line(sentence);
            return;
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        json(fields);
    }

    /** One line. */
    public void line(String text) {
        out.println((indent + Text.oneLine(text)).stripTrailing());
    }

    /** Several lines. */
    public void lines(String text) {
        text.strip().lines().forEach(each -> out.println(indent + Text.lines(each)));
    }

    /** A table; nothing when it has no rows. */
    public void table(Table table) {
        if (!table.isEmpty()) {
            table.print(out, terminal.style(), indent);
        }
    }

    /** Items as a table or JSON; for people, when there are none, {@code none} on standard error. */
    public <T> void list(List<T> items, String none, Consumer<List<T>> people) {
        if (items.isEmpty() && !isJson()) {
            terminal.say(none);
        } else {
            show(items, people);
        }
    }

    /** {@code Name:   text}, aligned for names of up to 14 letters. */
    public void field(String name, Object text) {
        line(String.format("%-15s%s", name + ":", text));
    }

    /** A blank line and a title over what follows. */
    public void heading(String title) {
        out.println();
        out.println(indent + terminal.style().strong(title));
    }

    public void json(@Nullable Object value) {
        lines(pretty(value));
    }

    /** Two-space indented JSON. */
    public static String pretty(@Nullable Object value) {
        return new String(writer().writeValueAsBytes(value), StandardCharsets.UTF_8);
    }

    /** JSON on one line. */
    public static String compact(@Nullable Object value) {
        return Json.MAPPER.writeValueAsString(value);
    }

    private static ObjectWriter writer() {
        return Json.MAPPER
                .writer()
                .with(new DefaultPrettyPrinter(SEPARATORS)
                        .withObjectIndenter(INDENT)
                        .withArrayIndenter(INDENT));
    }
}
