-- Fills the empty table of items with :rows rows. They depend only on their numbers, so they are the same
-- on every machine and in every run. Each batch is its own transaction, so that the triggers' memory stays
-- small. Indexes without a constraint are created at the end, which is much faster than row by row.
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
