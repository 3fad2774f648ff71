package dev.nightsafe.core.access;

import dev.nightsafe.core.signing.Digests;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * Tokens that mean nothing by themselves: {@code <prefix>_<64 hex digits of randomness>[_<suffix>]_<8 hex digits of
 * CRC-32 over what stands before>}. The checksum lets a scanner and a typo be told from a real token without a look-up;
 * it is no protection. API tokens are stored as SHA-256 only, enrolment tokens as the public half of {@link EnrolmentKey}.
 */
public final class OpaqueToken {
    /** API tokens. */
    public static final String API = "nst";
    /** Enrolment tokens ({@link EnrolmentKey}); their suffix is the hex of the keeper's root fingerprint. */
    public static final String ENROLMENT = "nse";
    /** Runners' access tokens. */
    public static final String ACCESS = "nsr";

    private static final Pattern FORM = Pattern.compile("[a-z]+_([0-9a-f]{64})(?:_([0-9a-z]+))?_[0-9a-f]{8}");

    private OpaqueToken() {}

    public static String generate(String prefix) {
        return withChecksum(prefix + "_" + random());
    }

    /** As {@link #generate(String)}, with a suffix of lower-case letters and digits. */
    public static String generate(String prefix, String suffix) {
        if (!suffix.matches("[0-9a-z]+")) {
            throw new IllegalArgumentException("a token's suffix has lower-case letters and digits only");
        }
        return withChecksum(prefix + "_" + random() + "_" + suffix);
    }

    /** What a database keeps of a token. */
    public static String hash(String token) {
        return Digests.sha256Hex(token);
    }

    /** True when form, prefix and checksum are right. */
    public static boolean isWellFormed(String prefix, String token) {
        return token.startsWith(prefix + "_")
                && FORM.matcher(token).matches()
                && withChecksum(token.substring(0, token.lastIndexOf('_'))).equals(token);
    }

    /** The suffix of a token that has one. */
    public static Optional<String> suffix(String token) {
        Matcher matcher = FORM.matcher(token);
        return matcher.matches() ? Optional.ofNullable(matcher.group(2)) : Optional.empty();
    }

    /** A token's 32 random bytes. Throws {@link IllegalArgumentException} for what isn't well formed. */
    static byte[] randomness(String token) {
        Matcher matcher = FORM.matcher(token);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("this is no token");
        }
        return HexFormat.of().parseHex(matcher.group(1));
    }

    private static String random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String withChecksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return text + "_" + String.format(Locale.ROOT, "%08x", crc.getValue());
    }
}
