-- The job as ksqlDB would run it. Untried: no server of it can be fetched here.
-- It is a file for its headless mode, which docker-compose.yml starts.

SET 'auto.offset.reset' = 'earliest';

CREATE STREAM reports (
  airport VARCHAR KEY,
  `day` INT, `scheduled` VARCHAR, `carrier` VARCHAR, `number` INT, `delay` DOUBLE
) WITH (KAFKA_TOPIC = 'nyc.flight.reported', VALUE_FORMAT = 'JSON');

-- Event time is a column, so it takes a stream of its own. -9999 stands for cancelled: a
-- map of ksqlDB passes over what is NULL.
CREATE STREAM planned WITH (TIMESTAMP = 'planned_at', PARTITIONS = 3) AS
  SELECT
    airport,
    PARSE_TIMESTAMP(
      '2013-02-' || LPAD(CAST(`day` AS VARCHAR), 2, '0') || ' ' || `scheduled`,
      'yyyy-MM-dd HH:mm', 'UTC'
    ) AS planned_at,
    `carrier` || CAST(`number` AS VARCHAR) AS flight,
    COALESCE(`delay`, CAST(-9999 AS DOUBLE)) AS delay
  FROM reports
  WHERE `day` IS NOT NULL
  EMIT CHANGES;

-- A map made of two lists keeps the last value of each key: the newest report.
CREATE TABLE hours AS
  SELECT
    airport,
    WINDOWSTART AS hour,
    COUNT(*) AS reports,
    MAP_VALUES(AS_MAP(COLLECT_LIST(flight), COLLECT_LIST(delay))) AS delays
  FROM planned
  WINDOW TUMBLING (SIZE 1 HOUR, GRACE PERIOD 24 HOURS)
  GROUP BY airport
  EMIT CHANGES;

CREATE TABLE answered WITH (KAFKA_TOPIC = 'nyc.hour.answered', VALUE_FORMAT = 'JSON') AS
  SELECT
    airport,
    hour,
    ARRAY_LENGTH(FILTER(delays, d => d <> -9999)) AS departures,
    REDUCE(FILTER(delays, d => d <> -9999), CAST(0 AS DOUBLE), (s, d) => s + d)
      / NULLIF(ARRAY_LENGTH(FILTER(delays, d => d <> -9999)), 0) AS mean_delay,
    ARRAY_LENGTH(FILTER(delays, d => d = -9999)) AS cancelled,
    reports
  FROM hours
  EMIT CHANGES;
