-- What happened to items, one row for each change, for GET /v1/items/events. Written by triggers,
-- so that a change made by other means than the API is an event too. Readers page through it as
-- through any table: an outage of theirs, or of the database, loses nothing.
create table item_events (
    -- Rows become visible in the order in which transactions commit, not in the order of ids: one
    -- who remembered only the highest id seen would skip what commits later with a lower one. A
    -- reader goes by (transaction_id, id) and stops short of transactions that are still open.
    transaction_id xid8 not null default pg_current_xact_id(),
    id bigint generated always as identity,
    kind text not null check (kind in ('created', 'updated', 'deleted')),
    item_id bigint not null,
    item jsonb not null, -- as it was after the change; of a deleted one, before it
    occurred_at timestamptz not null default now(),
    primary key (transaction_id, id)
);
create index item_events_by_occurred_at on item_events (occurred_at); -- to remove old ones

-- One call for each statement, whatever the number of rows: see the triggers' `referencing`.
create function log_item_events() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        insert into item_events (kind, item_id, item)
            select 'deleted', id, to_jsonb(changed) from changed order by id;
    else
        insert into item_events (kind, item_id, item)
            select case tg_op when 'INSERT' then 'created' else 'updated' end, id, to_jsonb(changed)
            from changed order by id;
    end if;
    perform pg_notify('item_events', ''); -- only wakes readers up; once for each transaction
    return null;
end
$$;

-- A trigger that sees its statement's rows serves one kind of statement only.
create trigger log_created_items after insert on items
    referencing new table as changed for each statement execute function log_item_events();
create trigger log_updated_items after update on items
    referencing new table as changed for each statement execute function log_item_events();
create trigger log_deleted_items after delete on items
    referencing old table as changed for each statement execute function log_item_events();
