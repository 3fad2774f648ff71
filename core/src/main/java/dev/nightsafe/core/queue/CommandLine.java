package dev.nightsafe.core.queue;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command into words as a POSIX shell quotes them (XCU 2.2: backslash, single and double quotes), and does
 * nothing else of a shell: {@code $}, {@code *}, {@code |}, {@code >}, {@code #} and the like are letters.
 */
public final class CommandLine {
    private final String command;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int next;

    private CommandLine(String command) {
        this.command = command;
    }

    /**
     * The program and its arguments.
     *
     * @throws NightsafeException {@code INVALID_QUEUE} for a quote that isn't closed, a backslash at the end, NUL, and
     *     when there is no program
     */
    public static List<String> split(String command) {
        return new CommandLine(command).split();
    }

    private List<String> split() {
        while (next < command.length()) {
            char c = command.charAt(next++);
            switch (c) {
                case ' ', '\t', '\n', '\r' -> endWord();
                case '\'' -> singleQuoted(next - 1);
                case '"' -> doubleQuoted(next - 1);
                case '\\' -> escaped();
                case '\0' -> throw bad("has a NUL character; remove it");
                default -> append(c);
            }
        }
        endWord();
        if (words.isEmpty() || words.getFirst().isEmpty()) {
            throw bad("has no program; write for example \"python main.py\"");
        }
        return List.copyOf(words);
    }

    private void singleQuoted(int opened) {
        int closed = command.indexOf('\'', next);
        if (closed < 0) {
            throw notClosed(opened);
        }
        inWord = true;
        while (next < closed) {
            append(command.charAt(next++));
        }
        next++;
    }

    private void doubleQuoted(int opened) {
        inWord = true;
        while (next < command.length()) {
            char c = command.charAt(next++);
            if (c == '"') {
                return;
            }
            boolean escapes = c == '\\' && next < command.length() && "$`\"\\\n".indexOf(command.charAt(next)) >= 0;
            if (escapes) {
                escaped();
            } else {
                append(c);
            }
        }
        throw notClosed(opened);
    }

    private void escaped() {
        if (next == command.length()) {
            throw bad("ends in a backslash; remove it or write two");
        }
        char c = command.charAt(next++);
        if (c != '\n') { // a backslash before a line's end joins the lines
            append(c);
        }
    }

    private void append(char c) {
        if (c == '\0') {
            throw bad("has a NUL character; remove it");
        }
        word.append(c);
        inWord = true;
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }

    private static NightsafeException notClosed(int opened) {
        return bad("has a quote that isn't closed (character " + (opened + 1)
                + "); close it or put a backslash before it");
    }

    private static NightsafeException bad(String what) {
        return new NightsafeException(ProblemCode.INVALID_QUEUE, "the command " + what);
    }
}
