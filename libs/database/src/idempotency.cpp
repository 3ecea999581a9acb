#include <database/idempotency.hpp>
#include <postgres/statement.hpp>

namespace database {
namespace {

using base::Task;
using postgres::Statement;

// A transaction that inserts the same key makes this one wait. An expired key is taken over.
constexpr Statement kClaim{
    "idempotency.claim",
    "insert into idempotency_keys (key, fingerprint) "
    "values ($1, sha256(convert_to($2, 'UTF8'))) "
    "on conflict (key) do update set fingerprint = excluded.fingerprint, answer = null, "
    "created_at = excluded.created_at "
    "where idempotency_keys.created_at < now() - $3::interval "
    "returning true"};

constexpr Statement kStored{
    "idempotency.stored",
    "select fingerprint = sha256(convert_to($2, 'UTF8')) as same_request, answer "
    "from idempotency_keys where key = $1"};

constexpr Statement kStore{"idempotency.store",
                           "update idempotency_keys set answer = $2 where key = $1"};

constexpr Statement kForget{
    "idempotency.forget",
    "delete from idempotency_keys where key in (select key from idempotency_keys "
    "where created_at < now() - $1::interval order by created_at limit $2)"};

}  // namespace

Task<bool> detail::claim_key(postgres::Transaction& transaction, KeyedRequest request) {
    const auto claimed = co_await transaction.query_optional<bool>(
        kClaim, request.key, request.request, kIdempotencyKeyLifetime);
    co_return claimed.has_value();
}

Task<detail::StoredAnswer> detail::stored_answer(postgres::Transaction& transaction,
                                                 KeyedRequest request) {
    auto stored =
        co_await transaction.query_optional<StoredAnswer>(kStored, request.key, request.request);
    // It expired between two statements: whoever asks again finds it free.
    if (!stored) throw base::Unavailable("the idempotency key has just expired");
    co_return *std::move(stored);
}

Task<> detail::store_answer(postgres::Transaction& transaction, std::string key,
                            std::string answer) {
    co_await transaction.execute(kStore, key, answer);
}

Task<std::int64_t> forget_expired_keys(postgres::QueryRunner& database, std::int64_t limit) {
    co_return co_await database.execute(kForget, kIdempotencyKeyLifetime, limit);
}

}  // namespace database
