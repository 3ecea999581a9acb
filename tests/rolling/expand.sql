-- The "expand" step of docs/migrations.md: it adds what the next release will need, and the release that
-- serves meanwhile does not notice. Applied as the migration after the real ones.
alter table items add column title text;

create function items_fill_title() returns trigger language plpgsql as $$
begin
    new.title := coalesce(new.title, new.name);
    return new;
end
$$;
create trigger items_fill_title before insert or update on items
    for each row execute function items_fill_title();
