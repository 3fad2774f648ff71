package dev.nightsafe.core.address;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a secret is: {@code secret://<domain>/<workspace>/<project>/<vault>/<key>[@version]}, with {@code _} for no domain
 * and no project. Each address has exactly one spelling; {@link #parse} takes no other and {@link #toString} writes it.
 *
 * @param domain for example {@code production}, or null
 * @param project or null
 * @param version from 1, or null for the newest
 */
public record SecretAddress(
        @Nullable String domain,
        String workspace,
        @Nullable String project,
        String vault,
        String key,
        @Nullable Long version) {

    private static final String SCHEME = "secret://";
    private static final String ABSENT = "_";
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

    /** Throws {@code INVALID_NAME} or {@code RESERVED_NAME}, naming the part that is wrong. */
    public SecretAddress {
        if (domain != null) {
            Names.requireName("domain", domain);
        }
        Names.requireName("workspace", workspace);
        if (project != null) {
            Names.requireName("project", project);
        }
        Names.requireName("vault", vault);
        Names.requireKey(key);
        if (version != null && (version < 1 || version > 999_999_999_999_999_999L)) {
            throw bad("its version is a whole number from 1 of at most 18 digits");
        }
    }

    /** Reads an address. Throws {@code INVALID_NAME} or {@code RESERVED_NAME}, saying what is wrong with it. */
    public static SecretAddress parse(String address) {
        if (!address.startsWith(SCHEME)) {
            throw bad("it begins with " + SCHEME);
        }
        String[] parts = address.substring(SCHEME.length()).split("/", -1);
        if (parts.length != 5) {
            throw bad("it has five parts with '/' between them, this one has " + parts.length);
        }
        int at = parts[4].indexOf('@');
        return new SecretAddress(
                orAbsent(parts[0]),
                parts[1],
                orAbsent(parts[2]),
                parts[3],
                at < 0 ? parts[4] : parts[4].substring(0, at),
                at < 0 ? null : version(parts[4].substring(at + 1)));
    }

    /** The same address without a version: the newest. */
    public SecretAddress newest() {
        return new SecretAddress(domain, workspace, project, vault, key, null);
    }

    @Override
    public String toString() {
        return SCHEME + orAbsentMark(domain) + "/" + workspace + "/" + orAbsentMark(project) + "/" + vault + "/" + key
                + (version == null ? "" : "@" + version);
    }

    private static @Nullable String orAbsent(String part) {
        return part.equals(ABSENT) ? null : part;
    }

    private static String orAbsentMark(@Nullable String part) {
        return part == null ? ABSENT : part;
    }

    private static long version(String text) {
        if (!VERSION.matcher(text).matches()) {
            throw bad("its version after '@' is a whole number from 1, without leading zeros");
        }
        return Long.parseLong(text);
    }

    private static NightsafeException bad(String what) {
        return new NightsafeException(
                ProblemCode.INVALID_NAME,
                "not an address of a secret: " + what
                        + "; write secret://<domain>/<workspace>/<project>/<vault>/<key>[@version], '_' for none");
    }
}
