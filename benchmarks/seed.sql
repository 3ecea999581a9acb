-- Fills the empty table of items with :rows rows that depend on their numbers alone: the same on
-- every machine and in every run. In batches, each a transaction of its own, so that what triggers
-- remember of a transaction stays small.
-- Indexes that hold no constraint are made at the end: much faster than row by row.
create temporary table definitions as
select indexname, indexdef from pg_indexes
where schemaname = 'public' and tablename = 'items'
  and not exists (select from pg_constraint where conname = indexname);
select format('drop index %I', indexname) from definitions
\gexec

select format($batch$
    insert into items (name, description, category, price, quantity, created_at, updated_at)
    select format('Item %%s of the benchmark', n),
           case when n %% 10 > 0 then format('Sturdy and quiet, with spare parts for %%s years.', n %% 17) end,
           'category-' || 1 + (hashint8(n)::bigint + 2147483648) %% 20,
           (n * 7919 %% 100000) / 100.0,
           n * 104729 %% 500,
           timestamptz '2026-01-01 00:00:00+00' + n * interval '1.000001 second',
           timestamptz '2026-01-01 00:00:00+00' + n * interval '1.000001 second'
    from generate_series(%s::bigint, %s::bigint) as n
$batch$, first, least(first + 99999, :rows))
from generate_series(1, :rows, 100000) as first
\gexec

select indexdef from definitions
\gexec
