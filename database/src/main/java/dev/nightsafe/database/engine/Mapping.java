package dev.nightsafe.database.engine;

import java.lang.reflect.Type;
import java.util.Optional;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.ColumnMappers;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;

/** How rows become records: every record is mapped by its constructor, and a null where a primitive stands is an error. */
final class Mapping {
    private Mapping() {}

    /** For connections whose transactions are begun and ended by whoever lends them. */
    static Jdbi configure(Jdbi jdbi) {
        jdbi.setTransactionHandler(new WithinTransaction());
        jdbi.getConfig(ColumnMappers.class).setCoalesceNullPrimitivesToDefaults(false);
        // What is bound must not reach a log by way of an exception.
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        jdbi.getConfig(Handles.class).setForceEndTransactions(false);
        jdbi.registerRowMapper(Mapping::forRecord);
        return jdbi;
    }

    private static Optional<RowMapper<?>> forRecord(Type type, ConfigRegistry config) {
        return type instanceof Class<?> target && target.isRecord()
                ? Optional.of(ConstructorMapper.of(target))
                : Optional.empty();
    }
}
