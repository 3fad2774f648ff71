package dev.nightsafe.database.engine;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * The statements of one connection, prepared once: SQLite's driver prepares each anew, which took as long as running it.
 * A statement is kept without what was bound to it. They end with their connection. Used by one thread at a time, as the
 * connection is.
 */
final class KeptStatements implements StatementBuilder {
    /** Texts differ by the length of their lists, so there are more than are written in the code. */
    private static final int LIMIT = 256;

    private final Connection connection;
    private final StatementBuilder builder = new DefaultStatementBuilder();
    private final IdentityHashMap<Statement, String> used = new IdentityHashMap<>();
    private final Map<String, PreparedStatement> commands = new HashMap<>();
    private final LinkedHashMap<String, Queue<PreparedStatement>> kept = new LinkedHashMap<>(64, 0.75f, true);

    /** @param connection the driver's own: a pool's closes what was prepared when it is given back */
    KeptStatements(Connection connection) {
        this.connection = connection;
    }

    boolean isOfClosed() {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    @Override
    public Statement create(Connection ignored, StatementContext context) throws SQLException {
        return builder.create(connection, context);
    }

    @Override
    public PreparedStatement create(Connection ignored, String sql, StatementContext context) throws SQLException {
        Queue<PreparedStatement> free = kept.get(sql);
        PreparedStatement statement = free == null ? null : free.poll();
        if (statement == null) {
            statement = builder.create(connection, sql, context);
        }
        used.put(statement, sql);
        return statement;
    }

    @Override
    public void close(Connection ignored, String unrendered, Statement statement) throws SQLException {
        String sql = used.remove(statement);
        if (sql == null || statement.isClosed()) {
            statement.close();
            return;
        }
        PreparedStatement free = (PreparedStatement) statement;
        free.clearParameters();
        free.clearBatch();
        kept.computeIfAbsent(sql, ignoredSql -> new ArrayDeque<>()).add(free);
        if (kept.size() > LIMIT) {
            closeEldest();
        }
    }

    private void closeEldest() throws SQLException {
        Queue<PreparedStatement> eldest = kept.pollFirstEntry().getValue();
        for (PreparedStatement statement : eldest) {
            statement.close();
        }
    }

    /** Runs what has no parameters and answers nothing. */
    void execute(String sql) throws SQLException {
        PreparedStatement statement = commands.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            commands.put(sql, statement);
        }
        statement.execute();
    }

    @Override
    public CallableStatement createCall(Connection ignored, String sql, StatementContext context) throws SQLException {
        return builder.createCall(connection, sql, context);
    }
}
