-- A statement that changes nothing, such as the deletion of an item that is not there, announces
-- nothing: PostgreSQL lets transactions that notify commit only one after the other.
create or replace function log_item_events() returns trigger language plpgsql as $$
begin
    if not exists (select from changed) then
        return null;
    end if;
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
