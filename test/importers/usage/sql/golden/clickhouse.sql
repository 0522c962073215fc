-- Sums of a table of requests, for ClickHouse.
-- Save the whole result as CSV or JSON lines; kplan import workload FILE makes a workload of it.
WITH
picked AS (
  SELECT
    `at` AS kplan_time,
    toUnixTimestamp64Micro(CAST(`at` AS Nullable(DateTime64(6, 'UTC')))) AS kplan_at,
    `prompt` AS kplan_in,
    `answer` AS kplan_out,
    `hit` AS kplan_read,
    `written` AS kplan_written,
    `thought` AS kplan_thought,
    CAST(`usd` AS Nullable(Float64)) AS kplan_cost,
    NULLIF(TRIM(CAST(`model` AS Nullable(String))), '') AS kplan_model
  FROM `logs`.`requests`
),
checked AS (
  SELECT
    kplan_at, kplan_in, kplan_out, kplan_read, kplan_written, kplan_thought, kplan_cost, kplan_model,
    CASE
      WHEN kplan_read < 0 THEN 'hit: a count below zero'
      WHEN NOT (kplan_read <= 9007199254740991) THEN 'hit: not a count'
      WHEN kplan_read <> FLOOR(kplan_read) THEN 'hit: a fraction of a count'
      WHEN kplan_thought < 0 THEN 'thought: a count below zero'
      WHEN NOT (kplan_thought <= 9007199254740991) THEN 'thought: not a count'
      WHEN kplan_thought <> FLOOR(kplan_thought) THEN 'thought: a fraction of a count'
      WHEN kplan_time IS NULL THEN 'at: a time is missing'
      WHEN kplan_in IS NULL THEN 'prompt: a count is missing'
      WHEN kplan_in < 0 THEN 'prompt: a count below zero'
      WHEN NOT (kplan_in <= 9007199254740991) THEN 'prompt: not a count'
      WHEN kplan_in <> FLOOR(kplan_in) THEN 'prompt: a fraction of a count'
      WHEN kplan_out IS NULL THEN 'answer: a count is missing'
      WHEN kplan_out < 0 THEN 'answer: a count below zero'
      WHEN NOT (kplan_out <= 9007199254740991) THEN 'answer: not a count'
      WHEN kplan_out <> FLOOR(kplan_out) THEN 'answer: a fraction of a count'
      WHEN kplan_written < 0 THEN 'written: a count below zero'
      WHEN NOT (kplan_written <= 9007199254740991) THEN 'written: not a count'
      WHEN kplan_written <> FLOOR(kplan_written) THEN 'written: a fraction of a count'
    END AS flaw
  FROM picked
),
counted AS (
  SELECT
    kplan_at AS at_us, kplan_cost AS cost_usd, kplan_model AS model_name, flaw,
    CAST(CASE WHEN flaw IS NULL THEN kplan_in END AS Nullable(Int64)) AS all_in,
    CAST(CASE WHEN flaw IS NULL THEN kplan_out END AS Nullable(Int64)) AS all_out,
    CAST(CASE WHEN flaw IS NULL THEN COALESCE(kplan_read, 0) END AS Nullable(Int64)) AS all_read,
    CAST(CASE WHEN flaw IS NULL THEN COALESCE(kplan_written, 0) END AS Nullable(Int64)) AS all_written,
    CAST(CASE WHEN flaw IS NULL THEN COALESCE(kplan_thought, 0) END AS Nullable(Int64)) AS all_thought,
    CASE WHEN kplan_read IS NULL THEN 0 ELSE 1 END AS is_read_known,
    CASE WHEN kplan_thought IS NULL THEN 0 ELSE 1 END AS is_thought_known
  FROM checked
),
judged AS (
  SELECT
    at_us, cost_usd, model_name, is_read_known, is_thought_known,
    all_in AS tokens_in,
    all_out AS tokens_out,
    all_read AS tokens_read,
    all_written AS tokens_written,
    all_thought AS tokens_thought,
    COALESCE(flaw, CASE
      WHEN all_read + all_written > all_in THEN 'hit: more tokens in the cache than input tokens'
      WHEN all_thought > all_out THEN 'hit: more thinking tokens than output tokens'
      WHEN NOT (cost_usd >= 0 AND cost_usd < 1e300) THEN 'usd: not an amount'
      WHEN at_us IS NULL OR at_us < 0 OR at_us > 253402300799999000 THEN 'time: number out of range'
      WHEN all_out > 0 AND all_in > 1000000000 THEN 'inputTokens: number out of range'
      WHEN all_out > 1000000000 THEN 'outputTokens: number out of range'
    END) AS reason
  FROM counted
),
used AS (
  SELECT at_us, model_name, tokens_in, tokens_out, tokens_read
  FROM judged
  WHERE reason IS NULL AND tokens_out > 0
),
span AS (
  SELECT MIN(at_us) AS first_at FROM used WHERE at_us IS NOT NULL
),
times AS (
  SELECT since_us, COUNT(*) AS n
  FROM (SELECT at_us - first_at AS since_us FROM used CROSS JOIN span WHERE at_us IS NOT NULL) since
  GROUP BY since_us
),
finest AS (
  SELECT MAX(ABS((since_us + 50000) - MOD((since_us + 50000), 100000) - since_us)) AS off_finest, MAX(ABS((since_us + 125000) - MOD((since_us + 125000), 250000) - since_us)) AS off_other
  FROM times
),
steps AS (
  SELECT CAST(86400000000 AS Nullable(Int64)) AS step_of, CAST(86400000000 AS Nullable(Int64)) AS unit_us, CAST(43200000000 AS Nullable(Int64)) AS half_us
  UNION ALL SELECT 3600000000, 3600000000, 1800000000
  UNION ALL SELECT 1800000000, 1800000000, 900000000
  UNION ALL SELECT 1200000000, 1200000000, 600000000
  UNION ALL SELECT 900000000, 900000000, 450000000
  UNION ALL SELECT 600000000, 600000000, 300000000
  UNION ALL SELECT 300000000, 300000000, 150000000
  UNION ALL SELECT 180000000, 180000000, 90000000
  UNION ALL SELECT 120000000, 120000000, 60000000
  UNION ALL SELECT 60000000, 60000000, 30000000
  UNION ALL SELECT 30000000, 30000000, 15000000
  UNION ALL SELECT 20000000, 20000000, 10000000
  UNION ALL SELECT 15000000, 15000000, 7500000
  UNION ALL SELECT 10000000, 10000000, 5000000
  UNION ALL SELECT 5000000, 5000000, 2500000
  UNION ALL SELECT 3000000, 3000000, 1500000
  UNION ALL SELECT 2000000, 2000000, 1000000
  UNION ALL SELECT 1000000, 1000000, 500000
  UNION ALL SELECT 500000, 500000, 250000
  UNION ALL SELECT 250000, 250000, 125000
  UNION ALL SELECT 200000, 200000, 100000
  UNION ALL SELECT 100000, 100000, 50000
  UNION ALL SELECT 0, 1, 0
),
tried AS (
  SELECT step_of, unit_us, half_us
  FROM steps CROSS JOIN finest
  WHERE step_of = 0 OR off_finest <= 5000 OR off_other <= 5000
),
rounded AS (
  SELECT step_of, rounded_us, SUM(n) AS together, MAX(ABS(rounded_us - since_us)) AS off_us
  FROM (
    SELECT step_of, since_us, n, since_us + half_us - MOD(since_us + half_us, unit_us) AS rounded_us
    FROM times CROSS JOIN tried
  ) each_time
  GROUP BY step_of, rounded_us
),
neighbours AS (
  SELECT
    step_of, rounded_us, together, off_us,
    lagInFrame(toNullable(rounded_us)) OVER (PARTITION BY step_of ORDER BY rounded_us ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before_us,
    lagInFrame(toNullable(together)) OVER (PARTITION BY step_of ORDER BY rounded_us ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before_n,
    row_number() OVER (PARTITION BY step_of ORDER BY rounded_us DESC) AS from_end
  FROM rounded
),
measured AS (
  SELECT
    step_of, rounded_us, together, off_us, before_us, from_end,
    CAST(step_of AS Nullable(Float64)) / 1000 AS step_ms,
    CAST(rounded_us - before_us - step_of AS Nullable(Float64)) / 1000 AS idle_ms,
    CAST(together AS Nullable(Float64)) AS m,
    CAST(before_n AS Nullable(Float64)) AS b
  FROM neighbours
),
squared AS (
  SELECT
    step_of, rounded_us, together, off_us, before_us, from_end,
    (m - 1) * 2 / ((m + 1) * (m + 2)) * step_ms * step_ms
      + CASE WHEN before_us IS NULL THEN 0 ELSE
        idle_ms * idle_ms
        + 2 * idle_ms * step_ms * (1 / (b + 1) + 1 / (m + 1))
        + (2 / ((b + 1) * (b + 2)) + 2 / ((m + 1) * (m + 2)) + 2 / ((b + 1) * (m + 1))) * step_ms * step_ms
      END AS gap_squares
  FROM measured
),
sorted_rows AS (
  SELECT
    CASE WHEN reason IS NOT NULL THEN 'broken' WHEN tokens_out = 0 THEN 'no output' ELSE 'used' END AS row_kind, is_read_known, is_thought_known,
    CASE WHEN at_us IS NULL THEN 0 ELSE 1 END AS is_timed,
    CASE WHEN cost_usd IS NULL OR (tokens_out = 0 AND cost_usd = 0) THEN 0 ELSE 1 END AS is_paid,
    at_us, tokens_in, tokens_out, tokens_read, tokens_written, tokens_thought, cost_usd
  FROM judged
),
lengths AS (
  SELECT
    tokens_in, tokens_out,
    CASE WHEN tokens_in < 46341 THEN
      CASE WHEN tokens_in < 305 THEN
        CASE WHEN tokens_in < 23 THEN
          CASE WHEN tokens_in < 7 THEN CASE WHEN tokens_in < 3 THEN CASE WHEN tokens_in < 1 THEN 0 ELSE CASE WHEN tokens_in < 2 THEN 1 ELSE 2 END END ELSE CASE WHEN tokens_in < 5 THEN CASE WHEN tokens_in < 4 THEN 3 ELSE 4 END ELSE CASE WHEN tokens_in < 6 THEN 5 ELSE 6 END END END ELSE CASE WHEN tokens_in < 12 THEN CASE WHEN tokens_in < 8 THEN 7 ELSE CASE WHEN tokens_in < 10 THEN 8 ELSE 10 END END ELSE CASE WHEN tokens_in < 16 THEN CASE WHEN tokens_in < 14 THEN 12 ELSE 14 END ELSE CASE WHEN tokens_in < 20 THEN 16 ELSE 20 END END END END
        ELSE
          CASE WHEN tokens_in < 77 THEN CASE WHEN tokens_in < 39 THEN CASE WHEN tokens_in < 27 THEN 23 ELSE CASE WHEN tokens_in < 32 THEN 27 ELSE 32 END END ELSE CASE WHEN tokens_in < 54 THEN CASE WHEN tokens_in < 46 THEN 39 ELSE 46 END ELSE CASE WHEN tokens_in < 64 THEN 54 ELSE 64 END END END ELSE CASE WHEN tokens_in < 153 THEN CASE WHEN tokens_in < 108 THEN CASE WHEN tokens_in < 91 THEN 77 ELSE 91 END ELSE CASE WHEN tokens_in < 128 THEN 108 ELSE 128 END END ELSE CASE WHEN tokens_in < 216 THEN CASE WHEN tokens_in < 182 THEN 153 ELSE 182 END ELSE CASE WHEN tokens_in < 256 THEN 216 ELSE 256 END END END END
        END
      ELSE
        CASE WHEN tokens_in < 3445 THEN
          CASE WHEN tokens_in < 1024 THEN CASE WHEN tokens_in < 512 THEN CASE WHEN tokens_in < 363 THEN 305 ELSE CASE WHEN tokens_in < 431 THEN 363 ELSE 431 END END ELSE CASE WHEN tokens_in < 725 THEN CASE WHEN tokens_in < 609 THEN 512 ELSE 609 END ELSE CASE WHEN tokens_in < 862 THEN 725 ELSE 862 END END END ELSE CASE WHEN tokens_in < 1723 THEN CASE WHEN tokens_in < 1218 THEN 1024 ELSE CASE WHEN tokens_in < 1449 THEN 1218 ELSE 1449 END END ELSE CASE WHEN tokens_in < 2436 THEN CASE WHEN tokens_in < 2048 THEN 1723 ELSE 2048 END ELSE CASE WHEN tokens_in < 2897 THEN 2436 ELSE 2897 END END END END
        ELSE
          CASE WHEN tokens_in < 11586 THEN CASE WHEN tokens_in < 5793 THEN CASE WHEN tokens_in < 4096 THEN 3445 ELSE CASE WHEN tokens_in < 4871 THEN 4096 ELSE 4871 END END ELSE CASE WHEN tokens_in < 8192 THEN CASE WHEN tokens_in < 6889 THEN 5793 ELSE 6889 END ELSE CASE WHEN tokens_in < 9742 THEN 8192 ELSE 9742 END END END ELSE CASE WHEN tokens_in < 23171 THEN CASE WHEN tokens_in < 16384 THEN CASE WHEN tokens_in < 13778 THEN 11586 ELSE 13778 END ELSE CASE WHEN tokens_in < 19484 THEN 16384 ELSE 19484 END END ELSE CASE WHEN tokens_in < 32768 THEN CASE WHEN tokens_in < 27555 THEN 23171 ELSE 27555 END ELSE CASE WHEN tokens_in < 38968 THEN 32768 ELSE 38968 END END END END
        END
      END
    ELSE
      CASE WHEN tokens_in < 7053951 THEN
        CASE WHEN tokens_in < 524288 THEN
          CASE WHEN tokens_in < 155872 THEN CASE WHEN tokens_in < 77936 THEN CASE WHEN tokens_in < 55109 THEN 46341 ELSE CASE WHEN tokens_in < 65536 THEN 55109 ELSE 65536 END END ELSE CASE WHEN tokens_in < 110218 THEN CASE WHEN tokens_in < 92682 THEN 77936 ELSE 92682 END ELSE CASE WHEN tokens_in < 131072 THEN 110218 ELSE 131072 END END END ELSE CASE WHEN tokens_in < 262144 THEN CASE WHEN tokens_in < 185364 THEN 155872 ELSE CASE WHEN tokens_in < 220436 THEN 185364 ELSE 220436 END END ELSE CASE WHEN tokens_in < 370728 THEN CASE WHEN tokens_in < 311744 THEN 262144 ELSE 311744 END ELSE CASE WHEN tokens_in < 440872 THEN 370728 ELSE 440872 END END END END
        ELSE
          CASE WHEN tokens_in < 1763488 THEN CASE WHEN tokens_in < 881744 THEN CASE WHEN tokens_in < 623488 THEN 524288 ELSE CASE WHEN tokens_in < 741456 THEN 623488 ELSE 741456 END END ELSE CASE WHEN tokens_in < 1246975 THEN CASE WHEN tokens_in < 1048576 THEN 881744 ELSE 1048576 END ELSE CASE WHEN tokens_in < 1482911 THEN 1246975 ELSE 1482911 END END END ELSE CASE WHEN tokens_in < 3526976 THEN CASE WHEN tokens_in < 2493949 THEN CASE WHEN tokens_in < 2097152 THEN 1763488 ELSE 2097152 END ELSE CASE WHEN tokens_in < 2965821 THEN 2493949 ELSE 2965821 END END ELSE CASE WHEN tokens_in < 4987897 THEN CASE WHEN tokens_in < 4194304 THEN 3526976 ELSE 4194304 END ELSE CASE WHEN tokens_in < 5931642 THEN 4987897 ELSE 5931642 END END END END
        END
      ELSE
        CASE WHEN tokens_in < 79806339 THEN
          CASE WHEN tokens_in < 23726567 THEN CASE WHEN tokens_in < 11863284 THEN CASE WHEN tokens_in < 8388608 THEN 7053951 ELSE CASE WHEN tokens_in < 9975793 THEN 8388608 ELSE 9975793 END END ELSE CASE WHEN tokens_in < 16777216 THEN CASE WHEN tokens_in < 14107901 THEN 11863284 ELSE 14107901 END ELSE CASE WHEN tokens_in < 19951585 THEN 16777216 ELSE 19951585 END END END ELSE CASE WHEN tokens_in < 39903170 THEN CASE WHEN tokens_in < 28215802 THEN 23726567 ELSE CASE WHEN tokens_in < 33554432 THEN 28215802 ELSE 33554432 END END ELSE CASE WHEN tokens_in < 56431604 THEN CASE WHEN tokens_in < 47453133 THEN 39903170 ELSE 47453133 END ELSE CASE WHEN tokens_in < 67108864 THEN 56431604 ELSE 67108864 END END END END
        ELSE
          CASE WHEN tokens_in < 268435456 THEN CASE WHEN tokens_in < 134217728 THEN CASE WHEN tokens_in < 94906266 THEN 79806339 ELSE CASE WHEN tokens_in < 112863207 THEN 94906266 ELSE 112863207 END END ELSE CASE WHEN tokens_in < 189812532 THEN CASE WHEN tokens_in < 159612678 THEN 134217728 ELSE 159612678 END ELSE CASE WHEN tokens_in < 225726413 THEN 189812532 ELSE 225726413 END END END ELSE CASE WHEN tokens_in < 536870912 THEN CASE WHEN tokens_in < 379625063 THEN CASE WHEN tokens_in < 319225355 THEN 268435456 ELSE 319225355 END ELSE CASE WHEN tokens_in < 451452826 THEN 379625063 ELSE 451452826 END END ELSE CASE WHEN tokens_in < 759250125 THEN CASE WHEN tokens_in < 638450709 THEN 536870912 ELSE 638450709 END ELSE CASE WHEN tokens_in < 902905651 THEN 759250125 ELSE 902905651 END END END END
        END
      END
    END AS bin_in,
    CASE WHEN tokens_out < 46341 THEN
      CASE WHEN tokens_out < 305 THEN
        CASE WHEN tokens_out < 23 THEN
          CASE WHEN tokens_out < 7 THEN CASE WHEN tokens_out < 3 THEN CASE WHEN tokens_out < 1 THEN 0 ELSE CASE WHEN tokens_out < 2 THEN 1 ELSE 2 END END ELSE CASE WHEN tokens_out < 5 THEN CASE WHEN tokens_out < 4 THEN 3 ELSE 4 END ELSE CASE WHEN tokens_out < 6 THEN 5 ELSE 6 END END END ELSE CASE WHEN tokens_out < 12 THEN CASE WHEN tokens_out < 8 THEN 7 ELSE CASE WHEN tokens_out < 10 THEN 8 ELSE 10 END END ELSE CASE WHEN tokens_out < 16 THEN CASE WHEN tokens_out < 14 THEN 12 ELSE 14 END ELSE CASE WHEN tokens_out < 20 THEN 16 ELSE 20 END END END END
        ELSE
          CASE WHEN tokens_out < 77 THEN CASE WHEN tokens_out < 39 THEN CASE WHEN tokens_out < 27 THEN 23 ELSE CASE WHEN tokens_out < 32 THEN 27 ELSE 32 END END ELSE CASE WHEN tokens_out < 54 THEN CASE WHEN tokens_out < 46 THEN 39 ELSE 46 END ELSE CASE WHEN tokens_out < 64 THEN 54 ELSE 64 END END END ELSE CASE WHEN tokens_out < 153 THEN CASE WHEN tokens_out < 108 THEN CASE WHEN tokens_out < 91 THEN 77 ELSE 91 END ELSE CASE WHEN tokens_out < 128 THEN 108 ELSE 128 END END ELSE CASE WHEN tokens_out < 216 THEN CASE WHEN tokens_out < 182 THEN 153 ELSE 182 END ELSE CASE WHEN tokens_out < 256 THEN 216 ELSE 256 END END END END
        END
      ELSE
        CASE WHEN tokens_out < 3445 THEN
          CASE WHEN tokens_out < 1024 THEN CASE WHEN tokens_out < 512 THEN CASE WHEN tokens_out < 363 THEN 305 ELSE CASE WHEN tokens_out < 431 THEN 363 ELSE 431 END END ELSE CASE WHEN tokens_out < 725 THEN CASE WHEN tokens_out < 609 THEN 512 ELSE 609 END ELSE CASE WHEN tokens_out < 862 THEN 725 ELSE 862 END END END ELSE CASE WHEN tokens_out < 1723 THEN CASE WHEN tokens_out < 1218 THEN 1024 ELSE CASE WHEN tokens_out < 1449 THEN 1218 ELSE 1449 END END ELSE CASE WHEN tokens_out < 2436 THEN CASE WHEN tokens_out < 2048 THEN 1723 ELSE 2048 END ELSE CASE WHEN tokens_out < 2897 THEN 2436 ELSE 2897 END END END END
        ELSE
          CASE WHEN tokens_out < 11586 THEN CASE WHEN tokens_out < 5793 THEN CASE WHEN tokens_out < 4096 THEN 3445 ELSE CASE WHEN tokens_out < 4871 THEN 4096 ELSE 4871 END END ELSE CASE WHEN tokens_out < 8192 THEN CASE WHEN tokens_out < 6889 THEN 5793 ELSE 6889 END ELSE CASE WHEN tokens_out < 9742 THEN 8192 ELSE 9742 END END END ELSE CASE WHEN tokens_out < 23171 THEN CASE WHEN tokens_out < 16384 THEN CASE WHEN tokens_out < 13778 THEN 11586 ELSE 13778 END ELSE CASE WHEN tokens_out < 19484 THEN 16384 ELSE 19484 END END ELSE CASE WHEN tokens_out < 32768 THEN CASE WHEN tokens_out < 27555 THEN 23171 ELSE 27555 END ELSE CASE WHEN tokens_out < 38968 THEN 32768 ELSE 38968 END END END END
        END
      END
    ELSE
      CASE WHEN tokens_out < 7053951 THEN
        CASE WHEN tokens_out < 524288 THEN
          CASE WHEN tokens_out < 155872 THEN CASE WHEN tokens_out < 77936 THEN CASE WHEN tokens_out < 55109 THEN 46341 ELSE CASE WHEN tokens_out < 65536 THEN 55109 ELSE 65536 END END ELSE CASE WHEN tokens_out < 110218 THEN CASE WHEN tokens_out < 92682 THEN 77936 ELSE 92682 END ELSE CASE WHEN tokens_out < 131072 THEN 110218 ELSE 131072 END END END ELSE CASE WHEN tokens_out < 262144 THEN CASE WHEN tokens_out < 185364 THEN 155872 ELSE CASE WHEN tokens_out < 220436 THEN 185364 ELSE 220436 END END ELSE CASE WHEN tokens_out < 370728 THEN CASE WHEN tokens_out < 311744 THEN 262144 ELSE 311744 END ELSE CASE WHEN tokens_out < 440872 THEN 370728 ELSE 440872 END END END END
        ELSE
          CASE WHEN tokens_out < 1763488 THEN CASE WHEN tokens_out < 881744 THEN CASE WHEN tokens_out < 623488 THEN 524288 ELSE CASE WHEN tokens_out < 741456 THEN 623488 ELSE 741456 END END ELSE CASE WHEN tokens_out < 1246975 THEN CASE WHEN tokens_out < 1048576 THEN 881744 ELSE 1048576 END ELSE CASE WHEN tokens_out < 1482911 THEN 1246975 ELSE 1482911 END END END ELSE CASE WHEN tokens_out < 3526976 THEN CASE WHEN tokens_out < 2493949 THEN CASE WHEN tokens_out < 2097152 THEN 1763488 ELSE 2097152 END ELSE CASE WHEN tokens_out < 2965821 THEN 2493949 ELSE 2965821 END END ELSE CASE WHEN tokens_out < 4987897 THEN CASE WHEN tokens_out < 4194304 THEN 3526976 ELSE 4194304 END ELSE CASE WHEN tokens_out < 5931642 THEN 4987897 ELSE 5931642 END END END END
        END
      ELSE
        CASE WHEN tokens_out < 79806339 THEN
          CASE WHEN tokens_out < 23726567 THEN CASE WHEN tokens_out < 11863284 THEN CASE WHEN tokens_out < 8388608 THEN 7053951 ELSE CASE WHEN tokens_out < 9975793 THEN 8388608 ELSE 9975793 END END ELSE CASE WHEN tokens_out < 16777216 THEN CASE WHEN tokens_out < 14107901 THEN 11863284 ELSE 14107901 END ELSE CASE WHEN tokens_out < 19951585 THEN 16777216 ELSE 19951585 END END END ELSE CASE WHEN tokens_out < 39903170 THEN CASE WHEN tokens_out < 28215802 THEN 23726567 ELSE CASE WHEN tokens_out < 33554432 THEN 28215802 ELSE 33554432 END END ELSE CASE WHEN tokens_out < 56431604 THEN CASE WHEN tokens_out < 47453133 THEN 39903170 ELSE 47453133 END ELSE CASE WHEN tokens_out < 67108864 THEN 56431604 ELSE 67108864 END END END END
        ELSE
          CASE WHEN tokens_out < 268435456 THEN CASE WHEN tokens_out < 134217728 THEN CASE WHEN tokens_out < 94906266 THEN 79806339 ELSE CASE WHEN tokens_out < 112863207 THEN 94906266 ELSE 112863207 END END ELSE CASE WHEN tokens_out < 189812532 THEN CASE WHEN tokens_out < 159612678 THEN 134217728 ELSE 159612678 END ELSE CASE WHEN tokens_out < 225726413 THEN 189812532 ELSE 225726413 END END END ELSE CASE WHEN tokens_out < 536870912 THEN CASE WHEN tokens_out < 379625063 THEN CASE WHEN tokens_out < 319225355 THEN 268435456 ELSE 319225355 END ELSE CASE WHEN tokens_out < 451452826 THEN 379625063 ELSE 451452826 END END ELSE CASE WHEN tokens_out < 759250125 THEN CASE WHEN tokens_out < 638450709 THEN 536870912 ELSE 638450709 END ELSE CASE WHEN tokens_out < 902905651 THEN 759250125 ELSE 902905651 END END END END
        END
      END
    END AS bin_out
  FROM used
),
model_sums AS (
  SELECT
    model_name, CASE WHEN model_name IS NULL THEN 1 ELSE 0 END AS is_nameless,
    COUNT(*) AS n, SUM(tokens_in) AS sum_in, SUM(tokens_out) AS sum_out
  FROM used
  GROUP BY model_name
),
model_places AS (
  SELECT
    model_name, n, sum_in, sum_out,
    row_number() OVER (PARTITION BY is_nameless ORDER BY sum_in + sum_out DESC, model_name) AS place
  FROM model_sums
),
models AS (
  SELECT CASE WHEN place > 200 THEN 'other models' ELSE model_name END AS listed_name, n, sum_in, sum_out
  FROM model_places
),
hours AS (
  SELECT at_us - MOD(at_us, 3600000000) AS hour_start, tokens_in, tokens_read
  FROM used
  WHERE at_us IS NOT NULL
)
SELECT * FROM (
  SELECT
    CAST('kplan/workload-summary@1' AS Nullable(String)) AS `summary`,
    CAST('all' AS Nullable(String)) AS `kind`,
    CAST(NULL AS Nullable(String)) AS `name`,
    CAST(NULL AS Nullable(Int64)) AS `hour_us`,
    CAST(NULL AS Nullable(Int64)) AS `step_us`,
    CAST(NULL AS Nullable(Int64)) AS `timed`,
    CAST(NULL AS Nullable(Int64)) AS `cached_known`,
    CAST(NULL AS Nullable(Int64)) AS `thinking_known`,
    CAST(NULL AS Nullable(Int64)) AS `paid`,
    CAST(COUNT(*) AS Nullable(Int64)) AS `requests`,
    CAST(NULL AS Nullable(Int64)) AS `input_tokens`,
    CAST(NULL AS Nullable(Int64)) AS `output_tokens`,
    CAST(NULL AS Nullable(Int64)) AS `cache_read`,
    CAST(NULL AS Nullable(Int64)) AS `cache_write`,
    CAST(NULL AS Nullable(Int64)) AS `thinking_tokens`,
    CAST(NULL AS Nullable(Float64)) AS `usd`,
    CAST(NULL AS Nullable(Int64)) AS `first_us`,
    CAST(NULL AS Nullable(Int64)) AS `last_us`,
    CAST(NULL AS Nullable(Int64)) AS `instants`,
    CAST(NULL AS Nullable(Int64)) AS `first_requests`,
    CAST(NULL AS Nullable(Int64)) AS `last_requests`,
    CAST(NULL AS Nullable(Float64)) AS `squares_ms2`
  FROM judged
  UNION ALL
  SELECT
    CAST('kplan/workload-summary@1' AS Nullable(String)) AS `summary`,
    CAST(row_kind AS Nullable(String)) AS `kind`,
    CAST(NULL AS Nullable(String)) AS `name`,
    CAST(NULL AS Nullable(Int64)) AS `hour_us`,
    CAST(NULL AS Nullable(Int64)) AS `step_us`,
    CAST(is_timed AS Nullable(Int64)) AS `timed`,
    CAST(is_read_known AS Nullable(Int64)) AS `cached_known`,
    CAST(is_thought_known AS Nullable(Int64)) AS `thinking_known`,
    CAST(is_paid AS Nullable(Int64)) AS `paid`,
    CAST(COUNT(*) AS Nullable(Int64)) AS `requests`,
    CAST(SUM(tokens_in) AS Nullable(Int64)) AS `input_tokens`,
    CAST(SUM(tokens_out) AS Nullable(Int64)) AS `output_tokens`,
    CAST(SUM(tokens_read) AS Nullable(Int64)) AS `cache_read`,
    CAST(SUM(tokens_written) AS Nullable(Int64)) AS `cache_write`,
    CAST(SUM(tokens_thought) AS Nullable(Int64)) AS `thinking_tokens`,
    CAST(SUM(cost_usd) AS Nullable(Float64)) AS `usd`,
    CAST(MIN(at_us) AS Nullable(Int64)) AS `first_us`,
    CAST(MAX(at_us) AS Nullable(Int64)) AS `last_us`,
    CAST(NULL AS Nullable(Int64)) AS `instants`,
    CAST(NULL AS Nullable(Int64)) AS `first_requests`,
    CAST(NULL AS Nullable(Int64)) AS `last_requests`,
    CAST(NULL AS Nullable(Float64)) AS `squares_ms2`
  FROM sorted_rows WHERE row_kind <> 'broken' GROUP BY row_kind, is_timed, is_read_known, is_thought_known, is_paid
  UNION ALL
  SELECT
    CAST('kplan/workload-summary@1' AS Nullable(String)) AS `summary`,
    CAST('broken' AS Nullable(String)) AS `kind`,
    CAST(reason AS Nullable(String)) AS `name`,
    CAST(NULL AS Nullable(Int64)) AS `hour_us`,
    CAST(NULL AS Nullable(Int64)) AS `step_us`,
    CAST(NULL AS Nullable(Int64)) AS `timed`,
    CAST(NULL AS Nullable(Int64)) AS `cached_known`,
    CAST(NULL AS Nullable(Int64)) AS `thinking_known`,
    CAST(NULL AS Nullable(Int64)) AS `paid`,
    CAST(COUNT(*) AS Nullable(Int64)) AS `requests`,
    CAST(NULL AS Nullable(Int64)) AS `input_tokens`,
    CAST(NULL AS Nullable(Int64)) AS `output_tokens`,
    CAST(NULL AS Nullable(Int64)) AS `cache_read`,
    CAST(NULL AS Nullable(Int64)) AS `cache_write`,
    CAST(NULL AS Nullable(Int64)) AS `thinking_tokens`,
    CAST(NULL AS Nullable(Float64)) AS `usd`,
    CAST(NULL AS Nullable(Int64)) AS `first_us`,
    CAST(NULL AS Nullable(Int64)) AS `last_us`,
    CAST(NULL AS Nullable(Int64)) AS `instants`,
    CAST(NULL AS Nullable(Int64)) AS `first_requests`,
    CAST(NULL AS Nullable(Int64)) AS `last_requests`,
    CAST(NULL AS Nullable(Float64)) AS `squares_ms2`
  FROM judged WHERE reason IS NOT NULL GROUP BY reason
  UNION ALL
  SELECT
    CAST('kplan/workload-summary@1' AS Nullable(String)) AS `summary`,
    CAST('length' AS Nullable(String)) AS `kind`,
    CAST(NULL AS Nullable(String)) AS `name`,
    CAST(NULL AS Nullable(Int64)) AS `hour_us`,
    CAST(NULL AS Nullable(Int64)) AS `step_us`,
    CAST(NULL AS Nullable(Int64)) AS `timed`,
    CAST(NULL AS Nullable(Int64)) AS `cached_known`,
    CAST(NULL AS Nullable(Int64)) AS `thinking_known`,
    CAST(NULL AS Nullable(Int64)) AS `paid`,
    CAST(COUNT(*) AS Nullable(Int64)) AS `requests`,
    CAST(SUM(tokens_in) AS Nullable(Int64)) AS `input_tokens`,
    CAST(SUM(tokens_out) AS Nullable(Int64)) AS `output_tokens`,
    CAST(NULL AS Nullable(Int64)) AS `cache_read`,
    CAST(NULL AS Nullable(Int64)) AS `cache_write`,
    CAST(NULL AS Nullable(Int64)) AS `thinking_tokens`,
    CAST(NULL AS Nullable(Float64)) AS `usd`,
    CAST(NULL AS Nullable(Int64)) AS `first_us`,
    CAST(NULL AS Nullable(Int64)) AS `last_us`,
    CAST(NULL AS Nullable(Int64)) AS `instants`,
    CAST(NULL AS Nullable(Int64)) AS `first_requests`,
    CAST(NULL AS Nullable(Int64)) AS `last_requests`,
    CAST(NULL AS Nullable(Float64)) AS `squares_ms2`
  FROM lengths GROUP BY bin_in, bin_out
  UNION ALL
  SELECT
    CAST('kplan/workload-summary@1' AS Nullable(String)) AS `summary`,
    CAST('hour' AS Nullable(String)) AS `kind`,
    CAST(NULL AS Nullable(String)) AS `name`,
    CAST(hour_start AS Nullable(Int64)) AS `hour_us`,
    CAST(NULL AS Nullable(Int64)) AS `step_us`,
    CAST(NULL AS Nullable(Int64)) AS `timed`,
    CAST(NULL AS Nullable(Int64)) AS `cached_known`,
    CAST(NULL AS Nullable(Int64)) AS `thinking_known`,
    CAST(NULL AS Nullable(Int64)) AS `paid`,
    CAST(COUNT(*) AS Nullable(Int64)) AS `requests`,
    CAST(SUM(tokens_in) AS Nullable(Int64)) AS `input_tokens`,
    CAST(NULL AS Nullable(Int64)) AS `output_tokens`,
    CAST(SUM(tokens_read) AS Nullable(Int64)) AS `cache_read`,
    CAST(NULL AS Nullable(Int64)) AS `cache_write`,
    CAST(NULL AS Nullable(Int64)) AS `thinking_tokens`,
    CAST(NULL AS Nullable(Float64)) AS `usd`,
    CAST(NULL AS Nullable(Int64)) AS `first_us`,
    CAST(NULL AS Nullable(Int64)) AS `last_us`,
    CAST(NULL AS Nullable(Int64)) AS `instants`,
    CAST(NULL AS Nullable(Int64)) AS `first_requests`,
    CAST(NULL AS Nullable(Int64)) AS `last_requests`,
    CAST(NULL AS Nullable(Float64)) AS `squares_ms2`
  FROM hours GROUP BY hour_start
  UNION ALL
  SELECT
    CAST('kplan/workload-summary@1' AS Nullable(String)) AS `summary`,
    CAST('model' AS Nullable(String)) AS `kind`,
    CAST(listed_name AS Nullable(String)) AS `name`,
    CAST(NULL AS Nullable(Int64)) AS `hour_us`,
    CAST(NULL AS Nullable(Int64)) AS `step_us`,
    CAST(NULL AS Nullable(Int64)) AS `timed`,
    CAST(NULL AS Nullable(Int64)) AS `cached_known`,
    CAST(NULL AS Nullable(Int64)) AS `thinking_known`,
    CAST(NULL AS Nullable(Int64)) AS `paid`,
    CAST(SUM(n) AS Nullable(Int64)) AS `requests`,
    CAST(SUM(sum_in) AS Nullable(Int64)) AS `input_tokens`,
    CAST(SUM(sum_out) AS Nullable(Int64)) AS `output_tokens`,
    CAST(NULL AS Nullable(Int64)) AS `cache_read`,
    CAST(NULL AS Nullable(Int64)) AS `cache_write`,
    CAST(NULL AS Nullable(Int64)) AS `thinking_tokens`,
    CAST(NULL AS Nullable(Float64)) AS `usd`,
    CAST(NULL AS Nullable(Int64)) AS `first_us`,
    CAST(NULL AS Nullable(Int64)) AS `last_us`,
    CAST(NULL AS Nullable(Int64)) AS `instants`,
    CAST(NULL AS Nullable(Int64)) AS `first_requests`,
    CAST(NULL AS Nullable(Int64)) AS `last_requests`,
    CAST(NULL AS Nullable(Float64)) AS `squares_ms2`
  FROM models GROUP BY listed_name
  UNION ALL
  SELECT
    CAST('kplan/workload-summary@1' AS Nullable(String)) AS `summary`,
    CAST('step' AS Nullable(String)) AS `kind`,
    CAST(NULL AS Nullable(String)) AS `name`,
    CAST(NULL AS Nullable(Int64)) AS `hour_us`,
    CAST(step_of AS Nullable(Int64)) AS `step_us`,
    CAST(NULL AS Nullable(Int64)) AS `timed`,
    CAST(NULL AS Nullable(Int64)) AS `cached_known`,
    CAST(NULL AS Nullable(Int64)) AS `thinking_known`,
    CAST(NULL AS Nullable(Int64)) AS `paid`,
    CAST(SUM(together) AS Nullable(Int64)) AS `requests`,
    CAST(NULL AS Nullable(Int64)) AS `input_tokens`,
    CAST(NULL AS Nullable(Int64)) AS `output_tokens`,
    CAST(NULL AS Nullable(Int64)) AS `cache_read`,
    CAST(NULL AS Nullable(Int64)) AS `cache_write`,
    CAST(NULL AS Nullable(Int64)) AS `thinking_tokens`,
    CAST(NULL AS Nullable(Float64)) AS `usd`,
    CAST(NULL AS Nullable(Int64)) AS `first_us`,
    CAST(MAX(rounded_us) AS Nullable(Int64)) AS `last_us`,
    CAST(COUNT(*) AS Nullable(Int64)) AS `instants`,
    CAST(SUM(CASE WHEN before_us IS NULL THEN together ELSE 0 END) AS Nullable(Int64)) AS `first_requests`,
    CAST(SUM(CASE WHEN from_end = 1 THEN together ELSE 0 END) AS Nullable(Int64)) AS `last_requests`,
    CAST(SUM(gap_squares) AS Nullable(Float64)) AS `squares_ms2`
  FROM squared GROUP BY step_of HAVING MAX(off_us) <= 5000
) summary_rows
ORDER BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
