package dev.nightsafe.cli.platform;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Rows under upper-case headers, columns two spaces apart. Cells are made safe to show. */
public final class Table {
    private static final String GAP = "  ";

    private final List<String> headers;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headers) {
        this.headers = List.of(headers);
    }

    /** Adds a row; as many cells as there are headers. */
    public Table row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(Text.oneLine(String.valueOf(cell)));
        }
        if (row.size() != headers.size()) {
            throw new IllegalArgumentException("a row has " + headers.size() + " cells");
        }
        rows.add(row);
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Prints with something before each line. */
    public void print(PrintStream out, Style style, String indent) {
        int[] widths = widths();
        out.println(indent + style.strong(line(headers, widths)));
        rows.forEach(row -> out.println(indent + line(row, widths)));
    }

    private int[] widths() {
        int[] widths = new int[headers.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = width(headers.get(i));
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        return widths;
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            line.append(cells.get(i));
            if (i < cells.size() - 1) {
                line.repeat(' ', widths[i] - width(cells.get(i))).append(GAP);
            }
        }
        return line.toString().stripTrailing();
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
