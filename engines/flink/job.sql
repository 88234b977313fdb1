-- Departures, mean delay and cancellations of each airport and planned hour.

-- How often state is saved: a job that was killed goes on from the newest checkpoint.
SET 'execution.checkpointing.interval' = '1 s';

CREATE TABLE reports (
  `day` INT,
  scheduled STRING,
  carrier STRING,
  number INT,
  origin STRING,
  delay DOUBLE,
  planned AS TO_TIMESTAMP(
    '2013-02-' || LPAD(CAST(`day` AS STRING), 2, '0') || ' ' || scheduled,
    'yyyy-MM-dd HH:mm'),
  WATERMARK FOR planned AS planned - INTERVAL '24' HOUR
) WITH (
  'connector' = 'kafka',
  'topic' = '${input}',
  'properties.bootstrap.servers' = '${servers}',
  'properties.group.id' = '${name}',
  'scan.startup.mode' = 'earliest-offset',
  -- A partition without events would hold back the watermark for ever. One that was only
  -- slow loses them: until it speaks again the others decide what is late.
  'scan.watermark.idle-timeout' = '30 s',
  'format' = 'json',
  'json.ignore-parse-errors' = 'true'
);

CREATE TABLE hours (
  airport STRING,
  `hour` STRING,
  departures BIGINT,
  mean_delay DOUBLE,
  cancelled BIGINT,
  reports BIGINT,
  PRIMARY KEY (airport, `hour`) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = '${output}',
  'properties.bootstrap.servers' = '${servers}',
  'key.format' = 'json',
  'value.format' = 'json'
);

-- GROUP BY takes every report, however late, so what is too late is left out before. The
-- first events come before there is a watermark.
CREATE TEMPORARY VIEW in_time AS
SELECT *, DATE_FORMAT(planned, 'yyyy-MM-dd HH:00') AS `hour`
FROM reports
WHERE origin IS NOT NULL
  AND FLOOR(planned TO HOUR) + INTERVAL '1' HOUR
    > COALESCE(CURRENT_WATERMARK(planned), planned);

-- LAST_VALUE passes over NULL, so the newest report is asked twice: what, and whether.
CREATE TEMPORARY VIEW flights AS
SELECT
  origin, `hour`,
  LAST_VALUE(delay) AS delay,
  LAST_VALUE(delay IS NULL) AS cancelled,
  COUNT(*) AS reports
FROM in_time
GROUP BY origin, `hour`, `day`, carrier, number;

INSERT INTO hours
SELECT
  origin, `hour`,
  COUNT(*) FILTER (WHERE NOT cancelled),
  AVG(delay) FILTER (WHERE NOT cancelled),
  COUNT(*) FILTER (WHERE cancelled),
  SUM(reports)
FROM flights
GROUP BY origin, `hour`;
