package dev.nightsafe.cli.fake;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import org.jspecify.annotations.Nullable;

/**
 * What a route answers.
 *
 * @param body null for none
 */
record Answer(int status, @Nullable Object body) {
    static Answer ok(Object body) {
        return new Answer(200, body);
    }

    static Answer created(Object body) {
        return new Answer(201, body);
    }

    static Answer none() {
        return new Answer(204, null);
    }

    static NightsafeException problem(ProblemCode code, String detail) {
        return new NightsafeException(code, detail);
    }
}
