package dev.nightsafe.runner.local;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * What the site's operator wants replaced in what programs say. Patterns are RE2's: looking for one takes time linear in
 * the text, whatever the pattern is.
 *
 * @param name how it is called, one of {@link #BUILT_IN} or the operator's own
 * @param replacement as it is, without references to groups
 * @param genuine looks at a match once more: so many of its characters, from the first, are one; 0 for none
 */
public record SanitizeRule(String name, Pattern pattern, String replacement, ToIntFunction<String> genuine) {
    private static final int LONGEST = 1000;

    /** Those that can be named without a pattern. */
    public static final List<SanitizeRule> BUILT_IN = List.of(
            builtIn("email", "[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?", String::length),
            builtIn(
                    "phone",
                    "(?:\\+|\\b00)[1-9][0-9]{0,3}(?:[ ./-]?\\(?[0-9]{1,5}\\)?){2,7}\\b"
                            + "|\\(?\\b0[1-9][0-9]{1,4}\\)?[ /-][0-9][0-9 -]{3,12}[0-9]\\b"
                            + "|\\(?\\b[2-9][0-9]{2}\\)?[ .-][0-9]{3}[ .-][0-9]{4}\\b",
                    match -> hasDigitsOfPhone(match) ? match.length() : 0),
            builtIn("card", "\\b[0-9](?:[ -]?[0-9]){11,18}\\b", match -> longest(match, 12, SanitizeRule::isCard)),
            builtIn(
                    "iban",
                    "(?i)\\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}\\b",
                    match -> longest(match, 15, SanitizeRule::isIban)));

    private static SanitizeRule builtIn(String name, String pattern, ToIntFunction<String> genuine) {
        return new SanitizeRule(name, Pattern.compile(pattern), "[" + name + "]", genuine);
    }

    /** The rules that a settings file lists under {@code sanitize}. */
    static List<SanitizeRule> read(ConfigYaml yaml) {
        return yaml.items("sanitize", Set.of("name", "pattern", "replace"), SanitizeRule::named, SanitizeRule::own);
    }

    private static SanitizeRule named(String name) {
        return BUILT_IN.stream()
                .filter(rule -> rule.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("has no rule '" + name + "'; there are "
                        + String.join(
                                ", ", BUILT_IN.stream().map(SanitizeRule::name).toList())
                        + ", and {name: …, pattern: …, replace: …}"));
    }

    private static SanitizeRule own(ConfigYaml fields) {
        String name = fields.text("name").orElseThrow(() -> new IllegalArgumentException("needs a name for each rule"));
        String pattern = fields.text("pattern")
                .orElseThrow(() -> new IllegalArgumentException("rule '" + name + "' needs a pattern"));
        return own(name, pattern, fields.text("replace").orElse("[" + name + "]"));
    }

    /** Throws {@link IllegalArgumentException} saying what is wrong with it. */
    static SanitizeRule own(String name, String pattern, String replacement) {
        if (pattern.length() > LONGEST || replacement.length() > LONGEST) {
            throw new IllegalArgumentException("rule '" + name + "' has more than " + LONGEST + " characters");
        }
        try {
            Pattern compiled = Pattern.compile(pattern);
            if (compiled.matcher("").find()) {
                throw new IllegalArgumentException(
                        "rule '" + name + "' matches the empty text, so it would stand everywhere");
            }
            return new SanitizeRule(name, compiled, replacement, String::length);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "rule '" + name + "' has no pattern of RE2 (no references back, no looking around): "
                            + e.getDescription(),
                    e);
        }
    }

    /** The text with each match replaced. */
    public String apply(String text) {
        Matcher matcher = pattern.matcher(text);
        StringBuilder out = new StringBuilder();
        int at = 0;
        int from = 0;
        while (from <= text.length() && matcher.find(from)) {
            int length = genuine.applyAsInt(matcher.group());
            from = Math.max(matcher.start() + 1, matcher.start() + length);
            if (length > 0) {
                out.append(text, at, matcher.start()).append(replacement);
                at = from;
            }
        }
        return at == 0 ? text : out.append(text, at, text.length()).toString();
    }

    /** The longest beginning that ends with a word and is one: what follows a number may look as if it went on. */
    private static int longest(String match, int least, Predicate<String> genuine) {
        for (int end = match.length(); end >= least; end--) {
            boolean whole = end == match.length() || !Character.isLetterOrDigit(match.charAt(end));
            if (whole && genuine.test(match.substring(0, end))) {
                return end;
            }
        }
        return 0;
    }

    private static boolean hasDigitsOfPhone(String match) {
        long digits = match.chars().filter(Character::isDigit).count();
        return digits >= 7 && digits <= 15;
    }

    /** Luhn's check digit (ISO/IEC 7812-1). */
    private static boolean isCard(String match) {
        int[] digits =
                match.chars().filter(Character::isDigit).map(c -> c - '0').toArray();
        int sum = 0;
        for (int i = 0; i < digits.length; i++) {
            int digit = digits[digits.length - 1 - i] * (i % 2 + 1);
            sum += digit > 9 ? digit - 9 : digit;
        }
        return sum % 10 == 0 && Arrays.stream(digits).anyMatch(digit -> digit != 0);
    }

    /** The check digits of ISO 13616. */
    private static boolean isIban(String match) {
        String letters = match.replace(" ", "").toUpperCase(java.util.Locale.ROOT);
        int remainder = 0;
        for (int i = 0; i < letters.length(); i++) {
            int value = Character.digit(letters.charAt((i + 4) % letters.length()), 36);
            remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
        }
        return remainder == 1;
    }
}
