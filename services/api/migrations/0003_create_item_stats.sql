-- Summaries for GET /v1/items/stats: counting a million items takes longer than a reader waits.
-- Each statement that changes items adds what it changed to item_stats_changes, in its own
-- transaction; the statistics are the summaries plus the changes, so they are right after every
-- commit. Now and then the changes are folded into the summaries. Writing to the summaries at once
-- would make every writer of a category wait for the one before it.

-- The ranges of the price histogram: where each begins; it ends where the next one does.
create function item_price_ranges() returns numeric[] immutable language sql
    return array[0, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000]::numeric[];
create function item_price_range(price numeric) returns numeric immutable language sql
    return (item_price_ranges())[width_bucket(price, item_price_ranges())];

create table item_stats_by_category (
    category text primary key,
    items bigint not null,
    quantity bigint not null,
    value numeric not null -- price times quantity
);
create index item_stats_by_category_size on item_stats_by_category (items desc, category);

create table item_stats_by_price (
    low numeric primary key, -- of item_price_ranges()
    items bigint not null,
    quantity bigint not null,
    value numeric not null
);

create table item_stats_by_day (
    day date primary key, -- of created_at, UTC
    items bigint not null
);

-- No index: it is read as a whole, and folding keeps it short. Signs say whether items came or went.
create table item_stats_changes (
    category text not null,
    low numeric not null,
    day date not null,
    items bigint not null,
    quantity bigint not null,
    value numeric not null
);

create function note_item_stats() returns trigger language plpgsql as $$
begin
    if tg_op <> 'DELETE' then
        insert into item_stats_changes
            select category, item_price_range(price), (created_at at time zone 'UTC')::date,
                   count(*), sum(quantity), sum(price * quantity)
            from after_change group by 1, 2, 3;
    end if;
    if tg_op <> 'INSERT' then
        insert into item_stats_changes
            select category, item_price_range(price), (created_at at time zone 'UTC')::date,
                   -count(*), -sum(quantity), -sum(price * quantity)
            from before_change group by 1, 2, 3;
    end if;
    return null;
end
$$;

create trigger note_created_items after insert on items
    referencing new table as after_change for each statement execute function note_item_stats();
create trigger note_updated_items after update on items
    referencing old table as before_change new table as after_change
    for each statement execute function note_item_stats();
create trigger note_deleted_items after delete on items
    referencing old table as before_change for each statement execute function note_item_stats();

-- Moves the changes into the summaries and returns how many there were.
create function fold_item_stats() returns bigint language sql as $$
    with moved as (
        delete from item_stats_changes returning *
    ), by_category as (
        insert into item_stats_by_category as summary
            select category, sum(items), sum(quantity), sum(value) from moved group by category
            order by category
        on conflict (category) do update
            set items = summary.items + excluded.items,
                quantity = summary.quantity + excluded.quantity,
                value = summary.value + excluded.value
    ), by_price as (
        insert into item_stats_by_price as summary
            select low, sum(items), sum(quantity), sum(value) from moved group by low order by low
        on conflict (low) do update
            set items = summary.items + excluded.items,
                quantity = summary.quantity + excluded.quantity,
                value = summary.value + excluded.value
    ), by_day as (
        insert into item_stats_by_day as summary
            select day, sum(items) from moved group by day order by day
        on conflict (day) do update set items = summary.items + excluded.items
    )
    select count(*) from moved;
$$;

-- Items that were there before. Nobody may write between the count and the triggers' first run.
lock table items in share row exclusive mode;
insert into item_stats_changes
    select category, item_price_range(price), (created_at at time zone 'UTC')::date,
           count(*), sum(quantity), sum(price * quantity)
    from items group by 1, 2, 3;
select fold_item_stats();
