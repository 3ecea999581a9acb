\set number random(1, 1000000000)
insert into items (name, description, category, price, quantity) values ('Benchmark ' || :number, 'Made by the benchmark', 'category-1', 19.99, 5) returning id, name, description, category, price, quantity, created_at, updated_at;
