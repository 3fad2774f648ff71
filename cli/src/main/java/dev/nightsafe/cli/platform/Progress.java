package dev.nightsafe.cli.platform;

/**
 * Shows on standard error how far something is: on a terminal in one line that is rewritten, else a line for each
 * change.
 */
public final class Progress implements AutoCloseable {
    private static final int WIDTH = 100;

    private final Terminal terminal;
    private final String indent;
    private String shown = "";

    public Progress(Terminal terminal) {
        this(terminal, "");
    }

    public Progress(Terminal terminal, String indent) {
        this.terminal = terminal;
        this.indent = indent;
    }

    public void show(String text) {
        String line = Text.oneLine(text.strip());
        if (line.equals(shown) || line.isEmpty()) {
            return;
        }
        shown = line;
        if (terminal.style().isLive()) {
            String fitting = line.length() > WIDTH ? line.substring(0, WIDTH) : line;
            terminal.err().print("\r\u001b[K" + indent + terminal.style().faint(fitting));
            terminal.err().flush();
        } else {
            terminal.say(indent + line);
        }
    }

    /** Takes the line away. */
    @Override
    public void close() {
        if (terminal.style().isLive() && !shown.isEmpty()) {
            terminal.err().print("\r\u001b[K");
            terminal.err().flush();
        }
    }
}
