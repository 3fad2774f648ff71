package dev.nightsafe.keeper.tasks;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.keeper.platform.Encoded;
import dev.nightsafe.protocol.keeper.KeeperApi;
import dev.nightsafe.protocol.keeper.KeeperApi.Room;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rooms that a request names. */
final class Rooms {
    private static final int LONGEST_ID = 64;

    private Rooms() {}

    /** Throws {@code BAD_REQUEST} for what is no list of rooms. */
    static List<Room> checked(@Nullable List<Room> rooms) {
        int most = KeeperApi.TaskLeaseRequest.MOST_ROOMS;
        if (rooms == null || rooms.size() > most) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, "'rooms' must be a list of at most " + most);
        }
        Set<Long> numbers = new HashSet<>();
        for (Room room : rooms) {
            if (room == null || room.number() < 1 || !numbers.add(room.number())) {
                throw new NightsafeException(
                        ProblemCode.BAD_REQUEST, "'rooms' has rooms with a 'number' from 1, each its own");
            }
            Encoded.text("servingLeaseId", room.servingLeaseId(), LONGEST_ID);
            if (room.grant() != null) {
                Encoded.text("grant", room.grant(), LONGEST_ID);
            }
        }
        return rooms;
    }

    static Set<String> leases(List<Room> rooms) {
        return rooms.stream().map(Room::servingLeaseId).collect(Collectors.toUnmodifiableSet());
    }
}
