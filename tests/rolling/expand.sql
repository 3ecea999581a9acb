-- An "expand" step (docs/migrations.md): adds something for the next release, without an effect on the
-- current one. Applied after the real migrations.
alter table items add column title text;

create function items_fill_title() returns trigger language plpgsql as $$
begin
    new.title := coalesce(new.title, new.name);
    return new;
end
$$;
create trigger items_fill_title before insert or update on items
    for each row execute function items_fill_title();
