package dev.nightsafe.core.audit;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A chain's head that somebody remembers; see {@link AuditVerifier#expect}.
 *
 * @param chain the chain's name
 * @param seq the event's number
 * @param hash its hash
 */
public record SeenHead(String chain, long seq, String hash) {
    private static final Pattern TEXT = Pattern.compile("([a-z]{1,16}/[0-9]{1,9}):([0-9]{1,18}):([0-9a-f]{64})");
    private static final int MOST = 8;

    /** Reads {@code chain:seq:hash,…}, one for a chain; "" for none. Throws {@link ProblemCode#BAD_REQUEST}. */
    public static List<SeenHead> list(String text) {
        List<SeenHead> heads = new ArrayList<>();
        Set<String> chains = new HashSet<>();
        for (String each : text.isEmpty() ? new String[0] : text.split(",", MOST + 1)) {
            Matcher matcher = TEXT.matcher(each);
            if (!matcher.matches() || !chains.add(matcher.group(1)) || heads.size() == MOST) {
                throw new NightsafeException(
                        ProblemCode.BAD_REQUEST, "'seen' is chain:number:hash, with commas between, one for a chain");
            }
            heads.add(new SeenHead(matcher.group(1), Long.parseLong(matcher.group(2)), matcher.group(3)));
        }
        return List.copyOf(heads);
    }

    /** What {@link #list} reads. */
    public static String text(List<SeenHead> heads) {
        return heads.stream()
                .map(head -> head.chain() + ":" + head.seq() + ":" + head.hash())
                .collect(Collectors.joining(","));
    }

    /** The one of a chain. */
    public static Optional<SeenHead> of(String chain, List<SeenHead> heads) {
        return heads.stream().filter(head -> head.chain().equals(chain)).findFirst();
    }
}
