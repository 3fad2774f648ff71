package dev.nightsafe.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A session as text. {@code $ nightsafe …} runs a command; what it writes to standard output follows, standard error with
 * {@code ! } before each line, then {@code [code]} unless it is 0. Before the command may stand {@code NAME=value},
 * {@code printf '…' |} for standard input and {@code type '…' |} for what is typed. {@code $ write FILE '…'} makes a
 * file. {@code $DIR}, {@code $SERVER}, {@code $TOKEN} and {@code $ROOT} stand for what differs between runs. Lines with
 * {@code #} and empty ones before a command are kept.
 */
final class Transcript {
    private Transcript() {}

    /** What a command line asks for. */
    record Line(Map<String, String> variables, String in, List<String> typed, List<String> words) {}

    /** Splits a command line, after the {@code $}. */
    static Line parse(String text) {
        Map<String, String> variables = new HashMap<>();
        String in = "";
        List<String> typed = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (String word : words(text)) {
            if (word.equals("|")) {
                String source = words.removeFirst();
                if (source.equals("printf")) {
                    in = unescape(words.getFirst());
                } else {
                    typed.addAll(words);
                }
                words.clear();
            } else if (words.isEmpty() && word.matches("[A-Z_]+=.*")) {
                variables.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
            } else {
                words.add(word);
            }
        }
        return new Line(variables, in, typed, words);
    }

    /** {@code \n}, {@code \\}, {@code \t} and the rest as it is. */
    static String unescape(String text) {
        return text.replace("\\\\", "\u0000")
                .replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\r", "\r")
                .replace("\u0000", "\\");
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        boolean open = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0 ? c == quote : (c == '\'' || c == '"')) {
                quote = quote != 0 ? 0 : c;
                open = true;
            } else if (c == ' ' && quote == 0) {
                if (open || !word.isEmpty()) {
                    words.add(word.toString());
                }
                word.setLength(0);
                open = false;
            } else {
                word.append(c);
            }
        }
        if (open || !word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }
}
