\set id random(1, :rows)
select id, name, description, category, price, quantity, created_at, updated_at from items where id = :id;
