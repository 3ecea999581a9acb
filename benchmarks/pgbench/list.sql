\set category random(1, 20)
select id, name, description, category, price, quantity, created_at, updated_at from items where category = 'category-' || :category order by id asc limit 21;
