-- The example resource. The checks repeat the limits of the API (app/schemas/item.hpp), so that no
-- other way into the database can store what the API could not have accepted.
create table items (
    id bigint generated always as identity primary key,
    name text not null check (char_length(name) between 1 and 120),
    description text check (char_length(description) <= 2000),
    category text not null check (char_length(category) between 1 and 60),
    price numeric(12, 2) not null check (price >= 0),
    quantity integer not null check (quantity >= 0),
    created_at timestamptz not null default now(),
    -- Also the version of the row, behind its ETag: every update moves it forward.
    updated_at timestamptz not null default now()
);

-- One index for each order that GET /v1/items offers. The id breaks ties, so a page starts exactly
-- where the last one ended (keyset pagination), and costs the same however far it lies.
create index items_by_name on items (name, id);
create index items_by_price on items (price, id);
create index items_by_quantity on items (quantity, id);
create index items_by_created_at on items (created_at, id);
create index items_by_category on items (category, id);
