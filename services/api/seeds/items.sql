-- 10,000 plausible items for development. Run again it adds only what is missing: every name is
-- derived from the item's number, and a name that exists is skipped.
-- `make db-seed` gives it to psql; prints how many rows it added.
\pset tuples_only on
\pset format unaligned
BEGIN;

CREATE TEMPORARY TABLE seed_category (position int, category text, low numeric, high numeric, products text[])
    ON COMMIT DROP;
INSERT INTO seed_category VALUES
    (0,  'Audio',       15,  900, ARRAY['Headphones', 'Bookshelf speaker', 'Soundbar', 'Turntable', 'Microphone', 'Amplifier']),
    (1,  'Books',        6,   80, ARRAY['Novel', 'Cookbook', 'Atlas', 'Dictionary', 'Travel guide', 'Comic']),
    (2,  'Camping',      9,  650, ARRAY['Tent', 'Sleeping bag', 'Camp stove', 'Lantern', 'Folding chair', 'Water filter']),
    (3,  'Computing',   12, 3200, ARRAY['Laptop', 'Monitor', 'Keyboard', 'Mouse', 'Docking station', 'Solid-state drive']),
    (4,  'Furniture',   35, 2400, ARRAY['Desk', 'Office chair', 'Bookcase', 'Sofa', 'Bedside table', 'Wardrobe']),
    (5,  'Garden',       4,  780, ARRAY['Hose', 'Pruning shears', 'Lawn mower', 'Planter', 'Garden bench', 'Rake']),
    (6,  'Kitchen',      5,  700, ARRAY['Saucepan', 'Chef knife', 'Blender', 'Espresso machine', 'Kettle', 'Mixing bowl']),
    (7,  'Lighting',     8,  540, ARRAY['Desk lamp', 'Floor lamp', 'Pendant light', 'LED strip', 'Wall light', 'Night light']),
    (8,  'Music',       10, 4200, ARRAY['Acoustic guitar', 'Violin', 'Digital piano', 'Ukulele', 'Drum pad', 'Music stand']),
    (9,  'Office',       1,  260, ARRAY['Notebook', 'Fountain pen', 'Stapler', 'Desk organiser', 'Label printer', 'Whiteboard']),
    (10, 'Sports',       7, 1900, ARRAY['Running shoes', 'Yoga mat', 'Road bike', 'Tennis racket', 'Kettlebell', 'Swim goggles']),
    (11, 'Toys',         3,  240, ARRAY['Building blocks', 'Puzzle', 'Board game', 'Train set', 'Kite', 'Plush bear']);

-- Accents are there on purpose: what breaks on them shows early.
CREATE TEMPORARY TABLE seed_word ON COMMIT DROP AS
SELECT ARRAY['Aurora', 'Núñez', 'Åkerlund', 'Bravo', 'Cóndor', 'Delta', 'Évora', 'Fjord', 'Göteborg', 'Horizon',
             'Ibérica', 'Juno', 'Köln', 'Lumen', 'Málaga', 'Nimbus', 'Ørsted', 'Peña', 'Quito', 'Río', 'Sierra'] AS brands,
       ARRAY['compact', 'lightweight', 'sturdy', 'quiet', 'foldable', 'waterproof', 'handmade', 'recycled'] AS qualities,
       ARRAY['for everyday use', 'for small rooms', 'for long trips', 'for beginners', 'for demanding hands',
             'with a five-year guarantee', 'with spare parts included'] AS purposes;

-- Pseudo-random numbers from 0 (inclusive) to 1 (exclusive) that depend on the item's number and
-- a purpose alone, so that a second run makes the same items.
CREATE FUNCTION pg_temp.pseudo_random(n int, purpose text) RETURNS double precision
    LANGUAGE sql IMMUTABLE
    RETURN (('x' || substr(md5(purpose || n::text), 1, 8))::bit(32)::bigint) / 4294967296.0;

WITH numbered AS (
    SELECT n,
           -- The power makes some categories more common than others, as in a real shop.
           floor(12 * power(pg_temp.pseudo_random(n, 'category'), 1.5))::int AS position,
           now() - interval '90 days' * pg_temp.pseudo_random(n, 'created') AS created_at
    FROM generate_series(1, 10000) AS n
), seed AS (
    SELECT n,
           c.products[1 + floor(array_length(c.products, 1) * pg_temp.pseudo_random(n, 'product'))::int]
               || ' ' || w.brands[1 + floor(array_length(w.brands, 1) * pg_temp.pseudo_random(n, 'brand'))::int]
               || ' ' || to_char(n, 'FM00000') AS name,
           -- One item in ten has no description.
           CASE WHEN n % 10 > 0 THEN
               initcap(left(w.qualities[1 + n % array_length(w.qualities, 1)], 1))
                   || substr(w.qualities[1 + n % array_length(w.qualities, 1)], 2)
                   || ', ' || w.purposes[1 + n % array_length(w.purposes, 1)] || '.'
           END AS description,
           c.category,
           -- Most prices lie in the lower part of the range; all end in 0, 5 or 9 cents.
           round(c.low + (c.high - c.low) * power(pg_temp.pseudo_random(n, 'price'), 3)::numeric, 1)
               + (ARRAY[0, 0.05, 0.09])[1 + n % 3] AS price,
           -- One item in twenty is sold out.
           CASE WHEN n % 20 = 0 THEN 0
                ELSE floor(500 * power(pg_temp.pseudo_random(n, 'quantity'), 2))::int END AS quantity,
           created_at,
           -- A third was changed since.
           CASE WHEN n % 3 = 0 THEN created_at + (now() - created_at) * pg_temp.pseudo_random(n, 'updated')
                ELSE created_at END AS updated_at
    FROM numbered JOIN seed_category c USING (position) CROSS JOIN seed_word w
), added AS (
    INSERT INTO items (name, description, category, price, quantity, created_at, updated_at)
    SELECT name, description, category, price, quantity, created_at, updated_at
    FROM seed
    WHERE NOT EXISTS (SELECT FROM items WHERE items.name = seed.name)
    ORDER BY created_at
    RETURNING 1
)
SELECT format('Added %s items, there are %s now', added, added + (SELECT count(*) FROM items))
FROM (SELECT count(*) AS added FROM added) AS result;

COMMIT;
ANALYZE items;
