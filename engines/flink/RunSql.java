import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/** Runs an SQL file on a Flink in this process: a cluster of one worker, for one job. */
class RunSql {
    private static final Path CHECKPOINTS = Path.of("checkpoints").toAbsolutePath();
    private static final String HERE = "127.0.0.1";

    private static final Map<String, String> CLUSTER = Map.ofEntries(
            Map.entry("parallelism.default", "1"),
            // By default a job that fails begins again, for ever.
            Map.entry("restart-strategy.type", "none"),
            Map.entry("execution.checkpointing.dir", CHECKPOINTS.toUri().toString()),
            Map.entry("execution.checkpointing.externalized-checkpoint-retention",
                    "RETAIN_ON_CANCELLATION"),
            // What a start goes on from is deleted once there is a newer one.
            Map.entry("execution.state-recovery.claim-mode", "CLAIM"),
            Map.entry("taskmanager.memory.managed.size", "16m"),
            Map.entry("taskmanager.memory.network.min", "16m"),
            Map.entry("taskmanager.memory.network.max", "16m"),
            Map.entry("rest.address", HERE),
            Map.entry("rest.bind-address", HERE),
            Map.entry("jobmanager.bind-host", HERE),
            Map.entry("taskmanager.bind-host", HERE));

    private static final Pattern SET = Pattern.compile("SET\\s+'(.+)'\\s*=\\s*'(.+)'");

    public static void main(String[] args) throws Exception {
        var sql = Files.readString(Path.of(args[0]))
                .replace("${servers}", args[1])
                .replace("${input}", args[2])
                .replace("${output}", args[3])
                .replace("${name}", args[4])
                .replaceAll("(?m)^ *--.*", "");
        var settings = new HashMap<>(CLUSTER);
        newest().ifPresent(one -> settings.put("execution.state-recovery.path", one));
        SET.matcher(sql).results().forEach(
                set -> settings.put(set.group(1), set.group(2)));

        var tables = TableEnvironment.create(EnvironmentSettings.newInstance()
                .withConfiguration(Configuration.fromMap(settings))
                .build());
        for (var statement : sql.split(";\\s*")) {
            if (SET.matcher(statement).find()) continue;
            var result = tables.executeSql(statement);
            if (result.getJobClient().isPresent()) result.await();
        }
    }

    /** Returns the newest whole checkpoint of all starts before, if there is one. */
    private static Optional<String> newest() throws IOException {
        if (!Files.exists(CHECKPOINTS)) return Optional.empty();
        try (var files = Files.walk(CHECKPOINTS)) {
            return files.filter(file -> file.endsWith("_metadata"))
                    .max(Comparator.comparing(file -> file.toFile().lastModified()))
                    .map(file -> file.getParent().toUri().toString());
        }
    }
}
