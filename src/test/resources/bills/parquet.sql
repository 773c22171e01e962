CREATE OR REPLACE TABLE cur2 AS SELECT * REPLACE (
  CAST(bill_billing_period_start_date AS TIMESTAMP) AS bill_billing_period_start_date,
  CAST(line_item_usage_start_date AS TIMESTAMP) AS line_item_usage_start_date,
  CAST(line_item_usage_end_date AS TIMESTAMP) AS line_item_usage_end_date,
  CAST(line_item_usage_amount AS DOUBLE) AS line_item_usage_amount,
  CAST(line_item_unblended_cost AS DOUBLE) AS line_item_unblended_cost,
  CAST(pricing_public_on_demand_cost AS DOUBLE) AS pricing_public_on_demand_cost,
  CAST(reservation_effective_cost AS DOUBLE) AS reservation_effective_cost,
  CAST(savings_plan_savings_plan_effective_cost AS DOUBLE) AS savings_plan_savings_plan_effective_cost,
  CAST(reservation_unused_recurring_fee AS DECIMAL(18, 10)) AS reservation_unused_recurring_fee,
  from_json(product, '"MAP(VARCHAR, VARCHAR)"') AS product,
  from_json(resource_tags, '"MAP(VARCHAR, VARCHAR)"') AS resource_tags)
FROM read_csv('cur2.csv', all_varchar = true, header = true, escape = '"', quote = '"');
CREATE OR REPLACE TABLE focus AS SELECT * REPLACE (
  CAST(ChargePeriodStart AS TIMESTAMP) AS ChargePeriodStart,
  CAST(ChargePeriodEnd AS TIMESTAMP) AS ChargePeriodEnd,
  CAST(BillingPeriodStart AS TIMESTAMP) AS BillingPeriodStart,
  CAST(EffectiveCost AS DOUBLE) AS EffectiveCost,
  CAST(ListCost AS DOUBLE) AS ListCost,
  CAST(ConsumedQuantity AS DOUBLE) AS ConsumedQuantity,
  from_json(Tags, '"MAP(VARCHAR, VARCHAR)"') AS Tags)
FROM read_csv('focus.csv', all_varchar = true, header = true, escape = '"', quote = '"');
COPY cur2 TO 'cur2-zstd.parquet' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048);
COPY cur2 TO 'cur2-snappy.parquet' (FORMAT parquet, COMPRESSION snappy, PARQUET_VERSION V2);
COPY focus TO 'focus-gzip.parquet' (FORMAT parquet, COMPRESSION gzip);
COPY (SELECT *, 7 AS x_unknown, [1, 2] AS x_list FROM focus) TO 'focus-plain.parquet' (FORMAT parquet, COMPRESSION uncompressed);
COPY (SELECT * EXCLUDE (resource_tags), resource_tags['user_team'] AS resource_tags_user_team FROM cur2)
  TO 'cur2-tag-columns.parquet' (FORMAT parquet, COMPRESSION zstd);
