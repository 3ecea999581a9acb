-- Answers to requests that came with an Idempotency-Key, for a day: a repetition gets the first
-- answer and changes nothing.
create table idempotency_keys (
    key text primary key check (char_length(key) between 1 and 255),
    fingerprint bytea not null, -- SHA-256 of the request: the key may not stand for another one
    answer text, -- null within the transaction that makes it
    created_at timestamptz not null default now()
);
create index idempotency_keys_by_created_at on idempotency_keys (created_at); -- to remove old ones
