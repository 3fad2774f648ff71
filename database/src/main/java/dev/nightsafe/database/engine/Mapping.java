package dev.nightsafe.database.engine;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.ColumnMappers;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.mapper.RowMapperFactory;
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
        Map<Class<?>, RowMapper<?>> mappers = new ConcurrentHashMap<>();
        RowMapperFactory records = (type, config) -> type instanceof Class<?> target && target.isRecord()
                ? Optional.of(mappers.computeIfAbsent(target, RecordMapper::new))
                : Optional.empty();
        jdbi.registerRowMapper(records);
        return jdbi;
    }
}
